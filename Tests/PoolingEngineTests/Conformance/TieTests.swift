import PoolingEngine
import PoolingTestKit
import Testing

/// The first of equal elements is selected, whatever the element type, the width of a row, the layout and the kernel that
/// computes it.
@Suite struct TieTests {
    @Test(arguments: ["max", "min"], ["propagate", "ignore"])
    func `the first of equal elements is selected`(_ op: String, _ nan: String) throws {
        for windows in Self.windows {
            for isChannelsLast in [false, true] {
                for width in Self.widths {
                    try check(op, nan, windows, isChannelsLast: isChannelsLast, width: width)
                }
            }
        }
    }

    private func check(
        _ op: String, _ nan: String, _ windows: Fields, isChannelsLast: Bool, width: Int
    ) throws {
        let (height, channels) = (5, 3)
        let shape = isChannelsLast ? [1, height, width, channels] : [1, channels, height, width]
        let isGlobal = windows.contains { $0.key == "region" }
        for type in Self.types {
            // Signed zeros where there are some, which tell values apart that are equal; else all elements are the same.
            let cells = (0..<channels * height * width).map { type.isFloatingPoint && $0 % 3 != 1 ? -0.0 : 0.0 }
            let fields =
                [
                    Field("op", .string(op)), Field("nan", .string(nan)), Field("return_indices", true),
                    Field("layout", .string(isChannelsLast ? "channels_last" : "channels_first")),
                ] + [Field](windows)
            let input =
                type.isFloatingPoint
                ? Tensor(cells, shape: shape, type)
                : Tensor(whole: cells.map { Int64($0) }, shape: shape, type)
            let result = try PoolingRequest(
                endpoint: .forward, elementType: type, fields: fields, tensors: [.input: input]
            ).run()
            let indices = try #require(result[.indices]).wholeElements
            let outputs = try #require(result[.output]).realElements
            let (kernel, stride) =
                isGlobal ? (height * width, 1) : (Self.whole("kernel", windows), Self.whole("stride", windows))
            let (rows, columns) =
                isGlobal ? (1, 1) : ((height - kernel) / stride + 1, (width - kernel) / stride + 1)
            var isRight = indices.count == channels * rows * columns
            for channel in 0..<channels where isRight {
                for row in 0..<rows {
                    for column in 0..<columns {
                        let place =
                            isChannelsLast
                            ? (row * columns + column) * channels + channel
                            : (channel * rows + row) * columns + column
                        let first = row * stride * width + column * stride
                        let cell =
                            isChannelsLast ? first * channels + channel : channel * height * width + first
                        isRight =
                            isRight && indices[place] == Int64(first) && outputs[place].sign == cells[cell].sign
                    }
                }
            }
            #expect(isRight, "\(op), \(nan), \(type), \(windows), width \(width), last \(isChannelsLast)")
        }
    }

    private static func whole(_ name: String, _ fields: Fields) -> Int {
        for (key, value) in fields where key == name {
            if case .number(let number) = value { return Int(number.value) }
        }
        return 1
    }

    private static let windows: [Fields] = [
        ["kernel": 2, "stride": 2, "dims": 2], ["kernel": 3, "stride": 1, "dims": 2],
        ["kernel": 3, "stride": 2, "dims": 2], ["region": "global", "dims": 2],
    ]

    /// Below, at and beyond the lanes of every vector, and beyond a block of whole planes.
    private static let widths = [3, 4, 5, 8, 9, 16, 17, 33, 70, 260]

    private static let types: [ElementType] = [.float32, .float64, .float16, .bfloat16, .int8, .int32]
}
