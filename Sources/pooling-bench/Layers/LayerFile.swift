import Foundation

/// One pooling layer of a published network.
struct LayerDescription {
    let name: String
    let op: String
    let batch: Int
    let channels: Int
    let input: [Int]
    let kernel: [Int]
    let stride: [Int]
    /// Cells before and after, a pair for each spatial axis.
    let padding: [[Int]]
    let output: [Int]

    var hasIndices: Bool { op == "max" }
}

/// Reads a table of layers: CSV with a line of column names.
enum LayerFile {
    struct SyntaxError: Error, CustomStringConvertible {
        let description: String
    }

    static func read(_ path: String) throws -> [LayerDescription] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        guard let columns = lines.first?.split(separator: ",").map(String.init) else { return [] }
        return try lines.dropFirst().map { try layer($0, columns) }
    }

    private static func layer(_ line: Substring, _ columns: [String]) throws -> LayerDescription {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard cells.count == columns.count else {
            throw SyntaxError(description: "\(columns.count) columns expected: \(line)")
        }
        let row = Dictionary(zip(columns, cells)) { first, _ in first }
        func sizes(_ column: String) throws -> [Int] { try numbers(row[column] ?? "", by: "x") }
        func size(_ column: String) throws -> Int { try sizes(column)[0] }
        return LayerDescription(
            name: row["name"] ?? "", op: row["op"] ?? "", batch: try size("batch"), channels: try size("channels"),
            input: try sizes("input"), kernel: try sizes("kernel"), stride: try sizes("stride"),
            padding: try (row["padding"] ?? "").split(separator: " ").map { try numbers(String($0), by: ":") },
            output: try sizes("output"))
    }

    private static func numbers(_ text: String, by separator: Character) throws -> [Int] {
        try text.split(separator: separator, omittingEmptySubsequences: false).map { part in
            guard let number = Int(part) else { throw SyntaxError(description: "'\(text)' is not a list of sizes") }
            return number
        }
    }
}
