import PoolingEngine

/// The catalogue for people: one line per op and region.
enum OperationsTable {
    static func text(_ catalogue: [Field] = PoolingCatalog.describe()) -> String {
        let ops = entries("ops", of: catalogue).map { op in
            [
                word("name", of: op), word("indices", of: op), takesIntegers(op), gradientSource(of: op),
                parameters(of: op), word("summary", of: op),
            ]
        }
        let regions = entries("regions", of: catalogue).map { region in
            [word("name", of: region), parameters(of: region), word("summary", of: region)]
        }
        return aligned([["OP", "INDICES", "INTEGERS", "GRADIENT FROM", "PARAMETERS", "VALUE OF A WINDOW"]] + ops)
            + "\n\n" + aligned([["REGION", "PARAMETERS", "WINDOWS"]] + regions)
            + "\n\nWith --json: types, defaults and sources of all parameters."
    }

    /// Columns as wide as their longest cell.
    private static func aligned(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    private static func entries(_ name: String, of fields: [Field]) -> [[Field]] {
        guard case .list(let list) = value(name, of: fields) else { return [] }
        return list.map { entry in
            if case .object(let members) = entry { members } else { [] }
        }
    }

    private static func word(_ name: String, of entry: [Field]) -> String {
        switch value(name, of: entry) {
        case .string(let text): text
        case .bool(let isTrue): isTrue ? "yes" : "-"
        default: "-"
        }
    }

    /// The name that the field has; the catalogue's `mask` is from before there were masks of elements.
    private static func gradientSource(of op: [Field]) -> String {
        let source = word("gradient", of: op)
        return source == "mask" ? "indices" : source
    }

    private static func takesIntegers(_ op: [Field]) -> String {
        guard case .list(let types) = value("dtypes", of: op) else { return "-" }
        return types.contains(.string("int32")) ? "yes" : "-"
    }

    private static func parameters(of entry: [Field]) -> String {
        let names = entries("parameters", of: entry).map { word("name", of: $0) }
        return names.isEmpty ? "-" : names.joined(separator: ", ")
    }

    private static func value(_ name: String, of fields: [Field]) -> FieldValue {
        fields.first { $0.name == name }?.value ?? .null
    }
}
