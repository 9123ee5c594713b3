import CProcessor
import Glibc
import PoolingService

/// The builds of this program for newer processors, in the same folder: `pooling-server-x86-64-v3` and so on.
///
/// Every build is whole, so that nothing compiled for a newer processor is ever linked into what runs on an older one.
enum InstructionLevel {
    /// Becomes the best build in this one's folder that suits the processor, where that is not this one itself.
    ///
    /// The process stays the same, with its arguments, environment and open files.
    static func useBest() {
        let own = number(of: BuildInfo.instructionSet)
        let supported = Int(processor_level())
        guard own > 0, supported > own else { return }
        for level in (own + 1...supported).reversed() {
            // Comes back only where there is no such build.
            replaceProcess(with: "\(programPath())-x86-64-v\(level)")
        }
    }

    /// The level in a name such as `x86-64-v3`; 0 for other processors.
    private static func number(of instructionSet: String) -> Int {
        guard instructionSet.hasPrefix("x86-64-v"), let digit = instructionSet.last else { return 0 }
        return Int(String(digit)) ?? 0
    }

    private static func programPath() -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink("/proc/self/exe", &path, Int(PATH_MAX))
        return String(decoding: path.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func replaceProcess(with path: String) {
        guard access(path, X_OK) == 0 else { return }
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv(path, &arguments)
        for argument in arguments { free(argument) }
    }
}
