import ArgumentParser
import Foundation

/// How figures are printed.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// One line of a report.
protocol ReportRow: Encodable {
    static var columns: [String] { get }
    var cells: [String] { get }
}

extension ReportFormat {
    /// Prints `rows` as a JSON array or as a table with aligned columns.
    func print(_ rows: [some ReportRow]) throws {
        switch self {
        case .json: Swift.print(try Self.json(rows))
        case .table: Swift.print(Self.table(rows))
        }
    }

    private static func json(_ rows: [some ReportRow]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(rows), as: UTF8.self)
    }

    private static func table<Row: ReportRow>(_ rows: [Row]) -> String {
        let lines = [Row.columns] + rows.map(\.cells)
        let widths = Row.columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line($0, widths) }.joined(separator: "\n")
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = zip(cells, widths).dropLast().map { cell, width in
            cell.padding(toLength: width, withPad: " ", startingAt: 0)
        }
        return (padded + cells.suffix(1)).joined(separator: "  ")
    }
}

extension Double {
    /// With so many digits after the point.
    func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
