import PoolingEngine

extension OracleGeometry {
    /// Steps that the mask or the length leaves out take no part.
    static func sequence(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        let steps = axes.extents[0]
        let features = axes.shape[axes.shape.count - 1]
        let samples = axes.batch.map { axes.shape[$0] } ?? 1
        let mask = request.tensor(.mask)?.wholeElements
        let lengths = request.tensor(.lengths)?.wholeElements ?? request.whole("lengths").map { [Int64($0)] }
        var windows: [OracleWindow] = []
        for sample in 0..<samples {
            let valid = (0..<steps).filter { step in
                if let mask { return mask[sample * steps + step] != 0 }
                return lengths.map { step < Int($0[sample]) } ?? true
            }
            for feature in 0..<features {
                let plane = axes.batch == nil ? [0, feature] : [sample, 0, feature]
                windows.append(gathered(valid, axes, plane, channel: feature))
            }
        }
        return try OracleGeometry(
            axes: axes, outputShape: axes.batch == nil ? [features] : [samples, features], windows: windows,
            allowsEmpty: true)
    }

    /// Rows that share an id, in the order of the rows.
    static func segments(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        let ids = request.tensor(.segmentIDs)?.wholeElements ?? []
        let count = request.whole("segments") ?? Int(ids.max() ?? -1) + 1
        let rest = Array(axes.shape.dropFirst())
        var windows: [OracleWindow] = []
        for segment in 0..<count {
            let rows = ids.indices.filter { ids[$0] == Int64(segment) }
            for position in Coordinates.all(in: rest) {
                windows.append(gathered(rows, axes, [0] + position, channel: position.last ?? 0))
            }
        }
        return try OracleGeometry(axes: axes, outputShape: [count] + rest, windows: windows, allowsEmpty: true)
    }

    /// Rows by bounds or by lists, in the order of the list, each as often as it is named.
    static func bags(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        let rest = Array(axes.shape.dropFirst(axes.pooled.count))
        let zeros = axes.pooled.map { _ in 0 }
        let bags = bagMembers(request, axes)
        let windows = bags.flatMap { members in
            Coordinates.all(in: rest).map { position in
                OracleWindow(
                    cells: members.map { member in
                        OracleWindow.Cell(
                            source: axes.source(member.row, in: zeros + position), offset: member.weightPosition)
                    },
                    plane: zeros + position, channel: position.last ?? 0)
            }
        }
        return try OracleGeometry(axes: axes, outputShape: [bags.count] + rest, windows: windows, allowsEmpty: true)
    }

    /// The rows of each bag by their coordinates, with the place of their weight.
    private static func bagMembers(
        _ request: OracleRequest, _ axes: OracleAxes
    ) -> [[(row: [Int], weightPosition: Int)]] {
        func numbers(_ name: TensorName) -> [Int]? { request.tensor(name)?.wholeElements.map { Int($0) } }
        if let spans = numbers(.spans) {
            let columns = request.tensor(.spans)?.shape.last ?? 2
            return stride(from: 0, to: spans.count, by: max(columns, 2)).map { first in
                let batch = columns == 3 ? [spans[first]] : []
                return (spans[first + columns - 2]..<spans[first + columns - 1]).map { step in
                    let row = batch + [step]
                    return (row, Coordinates.flat(row, in: axes.extents))
                }
            }
        }
        let offsets = numbers(.offsets) ?? []
        let members = numbers(.members)
        return zip(offsets, offsets.dropFirst()).map { start, end in
            (start..<end).map { place in ([members?[place] ?? place], place) }
        }
    }

    private static func gathered(_ rows: [Int], _ axes: OracleAxes, _ plane: [Int], channel: Int) -> OracleWindow {
        let cells = rows.map { OracleWindow.Cell(source: axes.source([$0], in: plane), offset: $0) }
        return OracleWindow(cells: cells, plane: plane, channel: channel)
    }
}
