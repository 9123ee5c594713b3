import Foundation

/// A tensor as a response may write it.
package struct GoldenTensor: Sendable {
    package enum Form: String, Sendable {
        case nested, flat, b64
    }

    package let form: Form
    package let shape: [Int]
    package let elementType: GoldenElementType
    package let elements: [GoldenElement]

    /// Reads a tensor; nested arrays are taken to have `nestedType`.
    package init(_ json: GoldenJSON, nestedType: GoldenElementType) throws(GoldenTensorError) {
        guard case .object(let members) = json.value else {
            form = .nested
            elementType = nestedType
            var leaves: [GoldenJSON] = []
            shape = try Self.flatten(json, into: &leaves)
            elements = try Self.elements(leaves, nestedType)
            return
        }
        guard let type = members["dtype"]?.string.flatMap(GoldenElementType.init(rawValue:)) else {
            throw GoldenTensorError(description: "no known dtype in \(json.excerpt)")
        }
        guard let shape = members["shape"]?.elements?.compactMap(\.integer) else {
            throw GoldenTensorError(description: "no shape in \(json.excerpt)")
        }
        self.shape = shape
        elementType = type
        if let data = members["data"]?.elements {
            form = .flat
            elements = try Self.elements(data, type)
        } else {
            form = .b64
            elements = try Self.elements(base64: members["b64"]?.string ?? "no b64", type)
        }
        guard elements.count == shape.reduce(1, *) else {
            throw GoldenTensorError(description: "\(elements.count) elements for shape \(shape)")
        }
    }

    /// The first difference to `want`, or nil.
    package func mismatch(_ want: GoldenTensor, relative: Double, absolute: Double) -> String? {
        guard form == want.form else { return "form \(form), want \(want.form)" }
        guard shape == want.shape else { return "shape \(shape), want \(want.shape)" }
        guard elementType == want.elementType else { return "dtype \(elementType), want \(want.elementType)" }
        let pairs = zip(elements, want.elements)
        let wrong = pairs.enumerated().filter { !$1.0.matches($1.1, relative: relative, absolute: absolute) }
        guard let (index, (got, expected)) = wrong.first else { return nil }
        return "element \(index) is \(got), want \(expected) (rtol \(relative), atol \(absolute));"
            + " \(wrong.count) of \(elements.count) differ"
    }

    private static func flatten(
        _ json: GoldenJSON, into leaves: inout [GoldenJSON]
    ) throws(GoldenTensorError) -> [Int] {
        guard let children = json.elements else {
            leaves.append(json)
            return []
        }
        var inner: [Int]?
        for child in children {
            let shape = try flatten(child, into: &leaves)
            guard inner == nil || inner == shape else {
                throw GoldenTensorError(description: "ragged: \(json.excerpt)")
            }
            inner = shape
        }
        return [children.count] + (inner ?? [])
    }

    private static func elements(
        _ leaves: [GoldenJSON], _ type: GoldenElementType
    ) throws(GoldenTensorError) -> [GoldenElement] {
        var elements: [GoldenElement] = []
        elements.reserveCapacity(leaves.count)
        for leaf in leaves {
            guard let element = GoldenElement(leaf, type) else {
                throw GoldenTensorError(description: "\(leaf.excerpt) is no \(type)")
            }
            elements.append(element)
        }
        return elements
    }

    private static func elements(
        base64: String, _ type: GoldenElementType
    ) throws(GoldenTensorError) -> [GoldenElement] {
        guard let data = Data(base64Encoded: base64), data.count % type.byteCount == 0 else {
            throw GoldenTensorError(description: "b64 is not base64, or not whole elements of \(type)")
        }
        let bytes = Array(data)
        return stride(from: 0, to: bytes.count, by: type.byteCount).map { start in
            GoldenElement(littleEndian: bytes[start..<start + type.byteCount], type)
        }
    }
}

/// What makes a JSON value no tensor.
package struct GoldenTensorError: Error, CustomStringConvertible {
    package let description: String
}
