import CEmbeddedFiles
import MicroHTTP
import RecycledMemory

/// A file that a page loads: a module, a picture.
///
/// All are served under one folder whose name is a hash of their contents, so that a browser keeps each for good and never
/// mixes the files of two builds. A module's imports are relative, so they stay in that folder.
struct PageFile: Sendable {
    /// The folder under `web`, and the name in it.
    let room: String
    let name: String
    let content: [UInt8]

    var path: String { "\(Self.folder)/\(room)/\(name)" }

    static let all: [PageFile] = (0..<embedded_page_file_count()).map { index in
        let file = embedded_page_file(index)
        return PageFile(
            room: String(cString: file.room), name: String(cString: file.name),
            content: EmbeddedFiles.text(file.content))
    }

    /// `/assets/` and the hash of all files.
    static let folder = "/assets/" + String(hash(all), radix: 36)

    /// The modules that a page needs: those of its own folder and the shared ones.
    static func modules(of room: String) -> [PageFile] {
        all.filter { [room, "shared"].contains($0.room) && $0.name.hasSuffix(".js") }
    }

    static func find(version: String?, room: String?, name: String?) -> PageFile? {
        guard let version, "/assets/" + version == folder else { return nil }
        return all.first { $0.room == room && $0.name == name }
    }

    var response: HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                ("Content-Type", mediaType),
                ("Cache-Control", "public, max-age=31536000, immutable"),
                ("X-Content-Type-Options", "nosniff"),
            ],
            body: [Bytes(copying: content)])
    }

    private var mediaType: String {
        name.hasSuffix(".js") ? "text/javascript; charset=utf-8" : "image/webp"
    }

    /// FNV-1a over names and contents.
    private static func hash(_ files: [PageFile]) -> UInt64 {
        files.reduce(0xcbf2_9ce4_8422_2325) { hash, file in
            (Array("\(file.room)/\(file.name)".utf8) + file.content).reduce(hash) { hash, byte in
                (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
    }
}
