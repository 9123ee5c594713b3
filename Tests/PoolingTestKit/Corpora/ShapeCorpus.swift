import PoolingEngine

/// The named layer geometries that every op is held to.
package enum ShapeCorpus {
    /// Layers whose windows consist of elements, not of samples between them.
    package static let selecting = all.filter { !$0.catalogRegion.isSampled }

    package static let all = sliding + padded + channelsLast + leading + bins + regions + rows + shaped + masked + ones

    /// Windows that overlap, touch or leave cells out, and padding of every kind: few enough for tests over many values.
    package static let edges = named([
        "plain 2x2", "kernel larger than stride", "stride larger than kernel", "symmetric pads", "asymmetric pads",
        "pads as wide as the kernel allows", "pads wider than the input",
    ])

    /// Layers whose gradients are measured by differences, which takes a forward pass for each element.
    package static let measured = named([
        "kernel larger than stride", "symmetric pads", "global over chosen axes", "segments of planes",
        "bags by offsets, one empty", "bags by spans that overlap and repeat", "bags by spans of batches",
        "bags by members, in any order and twice", "bags of numbers", "no bags",
    ])

    package static func named(_ names: [String]) -> [NamedLayer] { names.map(named) }

    /// The layer of that name, which must be there.
    package static func named(_ name: String) -> NamedLayer {
        guard let layer = all.first(where: { $0.name == name }) else {
            preconditionFailure("there is no layer '\(name)'")
        }
        return layer
    }

    package static let sliding = [
        NamedLayer("plain 2x2", [1, 2, 4, 6], ["kernel": [2, 2]]),
        NamedLayer("kernel larger than stride", [2, 5, 5], ["kernel": [3, 3], "stride": 1]),
        NamedLayer("stride larger than kernel", [1, 9, 8], ["kernel": [2, 1], "stride": [3, 4]]),
        NamedLayer("dilated", [2, 9, 8], ["kernel": [3, 2], "stride": 2, "dilation": [2, 3]]),
        NamedLayer("kernel of one cell", [2, 3, 3], ["kernel": [1, 1]]),
        NamedLayer("kernel as large as the input", [2, 3, 4], ["kernel": [3, 4]]),
        NamedLayer("one dimension", [2, 3, 11], ["kernel": [4], "stride": [3]]),
        NamedLayer("three dimensions", [1, 2, 4, 5, 4], ["kernel": [2, 3, 2], "stride": [2, 1, 2]]),
        NamedLayer(
            "three dimensions, dilated and padded", [1, 1, 5, 4, 6],
            [
                "kernel": [2, 2, 3], "stride": [1, 2, 2], "dilation": [2, 1, 2], "padding": [1, 0, 1],
            ]),
        NamedLayer("extents of one", [2, 1, 1], ["kernel": [1, 1], "stride": 3]),
        NamedLayer("rows of 3 lanes", [1, 4, 6], ["kernel": [2, 2]]),
        NamedLayer("rows of 5 lanes", [1, 2, 10], ["kernel": [2, 2]]),
        NamedLayer("rows of 9 lanes, stride 1", [1, 3, 11], ["kernel": [2, 3], "stride": 1]),
        NamedLayer("rows of 17 lanes, stride 1", [1, 3, 19], ["kernel": [3, 3], "stride": 1]),
        NamedLayer("rows of 33 lanes", [1, 2, 66], ["kernel": [2, 2], "stride": 2]),
        NamedLayer("rows of 33 lanes, stride 1", [1, 3, 34], ["kernel": [2, 2], "stride": 1]),
    ]

    /// Layers that are large enough for kernels to cut them up: bands of rows, groups of channels, tall windows.
    package static let large = [
        NamedLayer("bands of rows", [1, 53, 83], ["kernel": [3, 3], "stride": 2, "padding": 1]),
        NamedLayer("bands of rows, stride 1", [1, 37, 70], ["kernel": [3, 3], "stride": 1, "padding": 1]),
        NamedLayer("bands without overlap", [1, 90, 66], ["kernel": [2, 2]]),
        NamedLayer("bands with gaps", [1, 40, 44], ["kernel": [2, 3], "stride": [5, 4]]),
        NamedLayer("tall and wide windows", [1, 21, 18], ["kernel": [9, 7], "stride": 1, "padding": [4, 3]]),
        NamedLayer("tall windows in bands", [1, 60, 130], ["kernel": [7, 2], "stride": [3, 2]]),
        NamedLayer("one window a row", [1, 12, 50], ["kernel": [3, 50]]),
        NamedLayer("rows of one long window", [1, 3, 400], ["kernel": [1, 151], "stride": [1, 50]]),
        NamedLayer("a long row", [1, 2301], ["kernel": [9], "stride": [1], "dims": 1]),
        NamedLayer("slices of bands", [1, 5, 17, 40], ["kernel": [3, 3, 3], "stride": [2, 1, 2], "dims": 3]),
        NamedLayer(
            "volumes cut between rows", [1, 1, 3, 1030, 5],
            ["kernel": [3, 2, 2], "stride": 1, "padding": [0, 1, 0], "dims": 3]),
        NamedLayer("uneven bins", [2, 75, 62], ["region": "adaptive", "output_size": [20, 9]]),
        NamedLayer(
            "rows of many irregular windows", [1, 2, 5, 190],
            ["region": "fractional", "kernel": [2, 3], "output_size": [3, 90], "seed": 5]),
        NamedLayer("a stack of planes and some over", [3, 13, 7, 7], ["kernel": [3, 3], "stride": 1, "padding": 1]),
        NamedLayer("a stack of planes, stride 2", [2, 21, 13, 13], ["kernel": [3, 3], "stride": 2]),
        NamedLayer("a stack of clipped planes", [41, 6, 5], ["kernel": [2, 3], "stride": 2, "ceil_mode": true]),
        NamedLayer("a stack of tall windows", [1, 7, 13, 11], ["kernel": [9, 9], "stride": 1, "padding": 4]),
        NamedLayer("a stack of uneven bins", [1, 15, 11, 9], ["region": "adaptive", "output_size": [4, 5]]),
        NamedLayer(
            "a stack of volumes", [1, 7, 6, 6, 8], ["kernel": [2, 2, 2], "stride": [2, 1, 2], "dims": 3]),
        NamedLayer(
            "a stack of padded volumes", [2, 3, 4, 5, 6], ["kernel": [3, 3, 3], "stride": 1, "padding": 1, "dims": 3]),
        NamedLayer("whole planes and some over", [1, 37, 5, 9], ["region": "global"]),
        NamedLayer("whole planes of few elements", [1, 19, 3, 3], ["region": "global"]),
        NamedLayer("whole planes in pieces, the last a little longer", [1, 3, 26, 79], ["region": "global"]),
        NamedLayer("groups of channels", [1, 5, 5, 300], ["kernel": [3, 3], "stride": 2, "layout": "channels_last"]),
        NamedLayer("parts of many channels", [1, 2, 4, 1061], ["kernel": [2, 2], "layout": "channels_last"]),
        NamedLayer(
            "parts of channels of long rows", [1, 2, 62, 270],
            ["kernel": [3, 3], "stride": 1, "padding": 1, "layout": "channels_last"]),
        NamedLayer(
            "channels that fill no vector", [1, 7, 6, 37],
            ["kernel": [3, 2], "stride": 1, "padding": [1, 1], "layout": "channels_last"]),
        NamedLayer(
            "as many rows of channels as are added up by themselves", [1, 66, 5, 17],
            ["kernel": [64, 2], "stride": 1, "layout": "channels_last"]),
        NamedLayer("whole windows of channels", [1, 8, 6, 32], ["kernel": [2, 2], "layout": "channels_last"]),
        NamedLayer("a plane for each channel", [1, 19, 17, 5], ["region": "global", "layout": "channels_last"]),
    ]

    package static let padded = [
        NamedLayer("symmetric pads", [2, 5, 5], ["kernel": [3, 3], "stride": 2, "padding": 1]),
        NamedLayer("asymmetric pads", [1, 5, 6], ["kernel": [3, 2], "padding": [[2, 0], [0, 1]], "stride": 1]),
        NamedLayer("pads as wide as the kernel allows", [1, 3, 3], ["kernel": [3, 3], "padding": 2, "stride": 1]),
        NamedLayer("pads wider than the input", [1, 2, 2], ["kernel": [4, 5], "padding": [3, 4], "stride": 1]),
        NamedLayer(
            "asymmetric pads on both axes", [2, 5, 5], ["kernel": [3, 3], "stride": 2, "padding": [[1, 2], [2, 1]]]),
        NamedLayer("dilated into the pads", [1, 6, 6], ["kernel": [3, 3], "dilation": 2, "padding": 2, "stride": 1]),
        NamedLayer("same, even kernel", [2, 5, 6], ["kernel": [2, 4], "stride": [1, 2], "padding": "same"]),
        NamedLayer("same lower, even kernel", [2, 5, 6], ["kernel": [2, 4], "stride": 1, "padding": "same_lower"]),
        NamedLayer("same, dilated", [1, 6, 5], ["kernel": [2, 3], "dilation": 2, "stride": 1, "padding": "same"]),
        NamedLayer("same, stride beyond the kernel", [1, 7, 7], ["kernel": [1, 2], "stride": 3, "padding": "same"]),
        NamedLayer("valid", [1, 7, 7], ["kernel": [3, 3], "stride": 2, "padding": "valid"]),
        NamedLayer("ceil clips the last window", [1, 6, 5], ["kernel": [3, 2], "stride": 2, "ceil_mode": true]),
        NamedLayer("ceil drops a window in the pad", [1, 2, 2], ["kernel": [1, 1], "stride": 2, "ceil_mode": true]),
        NamedLayer(
            "ceil beyond declared pads", [1, 6, 7],
            [
                "kernel": [3, 4], "stride": [2, 3], "padding": 1, "ceil_mode": true,
            ]),
        NamedLayer(
            "zeros take part", [2, 4, 5], ["kernel": [3, 3], "stride": 2, "padding": 1, "padding_mode": "zeros"]),
        NamedLayer(
            "reflected", [2, 4, 5], ["kernel": [3, 2], "stride": 1, "padding": [2, 1], "padding_mode": "reflect"]),
        NamedLayer(
            "replicated", [2, 3, 4],
            [
                "kernel": [3, 2], "stride": 1, "padding": [[4, 0], [1, 2]], "padding_mode": "replicate",
            ]),
        NamedLayer(
            "circular, pads as wide as the input", [2, 3, 4],
            [
                "kernel": [2, 2], "stride": 2, "padding": [3, 4], "padding_mode": "circular",
            ]),
        NamedLayer(
            "circular and ceil", [1, 5, 5],
            [
                "kernel": [3, 3], "stride": 2, "padding": [[1, 0], [0, 1]], "padding_mode": "circular",
                "ceil_mode": true,
            ]),
    ]

    package static let channelsLast =
        [1, 3, 7, 16, 33].map { channels in
            NamedLayer(
                "channels last, \(channels) channels", [1, 4, 4, channels],
                [
                    "kernel": [2, 3], "stride": [2, 1], "layout": "channels_last", "padding": [0, 1],
                ])
        } + [
            // The last column of a row is written as a vector, which ends behind the row.
            NamedLayer(
                "channels last, rows that fill vectors", [2, 3, 4, 4],
                ["kernel": [2, 2], "stride": 1, "layout": "channels_last"]),
            NamedLayer("channels last, one dimension", [2, 7, 3], ["kernel": [3], "stride": [2], "layout": "NWC"]),
            NamedLayer("channels last, three dimensions", [1, 3, 4, 4, 2], ["kernel": [2, 2, 2], "layout": "NDHWC"]),
            NamedLayer("channels last without batch", [4, 4, 5], ["kernel": [2, 2], "layout": "channels_last"]),
        ]

    package static let leading = [
        NamedLayer("batch of none", [0, 3, 4, 4], ["kernel": [2, 2]]),
        NamedLayer("no leading axes", [4, 5], ["kernel": [2, 2], "stride": 1]),
        NamedLayer("no leading axes, one dimension", [9], ["kernel": 3, "stride": 2]),
        NamedLayer("many leading axes", [2, 1, 3, 2, 4, 3], ["kernel": [2, 2], "stride": 1]),
        NamedLayer("a list shorter than the rank", [2, 2, 2, 6], ["kernel": [3]]),
        NamedLayer("dims together with numbers", [2, 4, 4, 4], ["kernel": 2, "dims": 3]),
        NamedLayer("axes: over the channels", [2, 6, 2, 2], ["kernel": [3], "axes": [1]]),
        NamedLayer("axes: apart and in reverse", [4, 2, 5], ["kernel": [3, 2], "stride": [1, 2], "axes": [-1, 0]]),
    ]

    /// Axes of one element, which have several windows all the same: strides of the input do not say how outputs lie.
    package static let ones = [
        NamedLayer(
            "one element between columns and lanes", [2, 1, 2],
            ["region": "adaptive", "output_size": [2, 2], "axes": [1, 0]]),
        NamedLayer(
            "one padded element between columns and lanes", [3, 1, 7],
            ["kernel": [2, 2], "stride": 1, "padding": [1, 1], "axes": [1, 0]]),
        NamedLayer(
            "one element between columns and many lanes", [5, 1, 33],
            ["kernel": [3, 2], "stride": [1, 2], "padding": [1, 1], "axes": [1, 0]]),
        NamedLayer(
            "one element between columns and lanes, in planes", [3, 5, 1, 5],
            ["region": "adaptive", "output_size": [3, 2], "axes": [2, 1]]),
        NamedLayer(
            "two axes of one element, one of them pooled", [4, 1, 1, 5],
            ["region": "adaptive", "output_size": [2, 3], "axes": [2, 0]]),
        NamedLayer(
            "two pooled axes of one element", [2, 1, 3, 1, 4],
            ["region": "adaptive", "output_size": [2, 2, 2], "axes": [3, 1, 2]]),
        NamedLayer(
            "three pooled axes, the first of one element", [3, 2, 1, 4],
            ["kernel": [2, 2, 2], "stride": 1, "padding": [1, 0, 1], "axes": [2, 0, 1]]),
        NamedLayer(
            "one element behind the lanes", [3, 4, 1], ["region": "adaptive", "output_size": [3, 2], "axes": [2, 0]]),
        NamedLayer(
            "one element behind the columns", [2, 4, 1],
            ["kernel": [2, 2], "stride": [1, 2], "padding": [1, 0], "axes": [-1, 1]]),
        NamedLayer(
            "one element before the rows", [2, 1, 4, 5],
            ["kernel": [2, 2, 3], "stride": 1, "padding": [0, 1, 0], "axes": [2, 1, 3]]),
        NamedLayer(
            "rows of one element, channels last", [1, 1, 5, 3],
            ["region": "adaptive", "output_size": [3, 2], "layout": "channels_last"]),
        NamedLayer(
            "columns of one element, channels last", [2, 5, 1, 3],
            ["kernel": [3, 2], "stride": [2, 1], "padding": [1, 1], "layout": "channels_last"]),
        NamedLayer("planes of one element", [3, 1, 1], ["kernel": [2, 3], "stride": 1, "padding": [1, 2]]),
    ]

    /// Windows of other shapes than boxes.
    package static let shaped = [
        NamedLayer(
            "a cross, padded", [2, 5, 6], ["kernel": [3, 3], "stride": 1, "padding": 1], [.footprint: cross]),
        NamedLayer(
            "a cross, dilated and clipped", [1, 7, 8],
            ["stride": 2, "dilation": [2, 1], "padding": [1, 0], "ceil_mode": true],
            [.footprint: cross]),
        NamedLayer(
            "a footprint over filled padding", [2, 4, 3],
            [
                "kernel": [2, 3], "stride": 1, "padding": [1, 2], "padding_mode": ["symmetric", "constant"],
                "padding_value": 2,
            ], [.footprint: booleans([0, 1, 0, 1, 0, 0], [2, 3])]),
        NamedLayer(
            "a footprint of rows of lanes", [1, 3, 20], ["kernel": [2, 3], "stride": 1],
            [.footprint: booleans([1, 0, 1, 0, 1, 1], [2, 3])]),
        NamedLayer(
            "a footprint, channels last", [1, 5, 4, 3], ["kernel": [2, 2], "stride": 1, "layout": "channels_last"],
            [.footprint: booleans([0, 1, 1, 1], [2, 2])]),
    ]

    /// Elements that take no part.
    package static let masked = [
        NamedLayer(
            "a mask of the plane", [2, 3, 5, 6], ["kernel": [3, 2], "stride": 1, "padding": [1, 1]],
            [.mask: mask([5, 6])]),
        NamedLayer(
            "a mask and a footprint", [1, 2, 5, 6],
            ["kernel": [3, 3], "stride": 2, "padding": 1, "ceil_mode": true, "empty_value": 7],
            [.mask: mask([1, 2, 5, 6]), .footprint: cross]),
        NamedLayer(
            "a mask over mirrored padding", [2, 4, 5],
            ["kernel": [2, 3], "stride": 1, "padding": [1, 2], "padding_mode": ["zeros", "reflect"]],
            [.mask: mask([4, 5])]),
        NamedLayer("a masked global window", [2, 3, 3, 4], ["region": "global"], [.mask: mask([2, 1, 3, 4])]),
        NamedLayer(
            "a masked global window, channels last", [2, 3, 4, 3], ["region": "global", "layout": "channels_last"],
            [.mask: mask([2, 3, 4, 1])]),
        NamedLayer("a mask of every element", [2, 3, 4], ["region": "global"], [.mask: mask([2, 3, 4])]),
        NamedLayer(
            "masked bins", [2, 2, 7, 5], ["region": "adaptive", "output_size": [5, 3], "empty_value": 1],
            [.mask: mask([1, 2, 7, 5])]),
        NamedLayer(
            "a masked pyramid", [2, 3, 5, 4], ["region": "pyramid", "levels": [1, 3]], [.mask: mask([2, 1, 5, 4])]),
        NamedLayer(
            "masked regions of interest", [2, 2, 6, 5], ["region": "roi", "output_size": [3, 2], "empty_value": 3],
            [.rois: rois, .mask: mask([2, 1, 6, 5])]),
        NamedLayer(
            "masked position-sensitive regions", [2, 8, 6, 5],
            ["region": "roi", "output_size": [2, 2], "position_sensitive": true],
            [.rois: rois, .mask: mask([2, 8, 6, 5])]),
        NamedLayer(
            "masked fractional windows", [1, 2, 6, 9],
            ["region": "fractional", "kernel": 2, "output_ratio": [0.5, 0.4], "seed": 11], [.mask: mask([1, 2, 6, 9])]),
        NamedLayer(
            "a mask of chosen axes", [3, 2, 4], ["kernel": [2, 2], "stride": 1, "axes": [2, 0]], [.mask: mask([4, 3])]),
    ]

    private static let cross = booleans([0, 1, 0, 1, 1, 1, 0, 1, 0], [3, 3])

    private static func booleans(_ cells: [Int64], _ shape: [Int]) -> Tensor {
        Tensor(whole: cells, shape: shape, .bool)
    }

    /// About two of three elements, in blocks, so that whole windows are hidden.
    private static func mask(_ shape: [Int]) -> Tensor {
        let cells = Coordinates.all(in: shape).enumerated().map { place, position in
            Int64((position.reduce(0, +) / 2 + place / 7) % 3 == 0 ? 0 : 1)
        }
        return booleans(cells, shape)
    }

    package static let bins = [
        NamedLayer("global", [2, 3, 3, 4], ["region": "global"]),
        NamedLayer("global, one dimension", [2, 5], ["region": "global", "dims": 1]),
        NamedLayer("global, channels last", [2, 3, 3, 4], ["region": "global", "layout": "channels_last"]),
        NamedLayer("global over chosen axes", [3, 2, 4], ["region": "global", "axes": [0, 2]]),
        NamedLayer("adaptive, overlapping bins", [2, 7, 5], ["region": "adaptive", "output_size": [5, 3]]),
        NamedLayer("adaptive, output larger than input", [1, 2, 3], ["region": "adaptive", "output_size": [5, 7]]),
        NamedLayer("adaptive, one size kept", [2, 4, 6], ["region": "adaptive", "output_size": [nil, 3]]),
        NamedLayer("adaptive, three dimensions", [1, 4, 3, 5], ["region": "adaptive", "output_size": [2, 2, 2]]),
        NamedLayer(
            "adaptive, channels last", [1, 5, 4, 3],
            [
                "region": "adaptive", "output_size": 3, "layout": "channels_last",
            ]),
        NamedLayer("pyramid", [2, 3, 5, 4], ["region": "pyramid", "levels": [1, 2, 4]]),
        NamedLayer(
            "pyramid, channels last", [2, 5, 4, 3],
            [
                "region": "pyramid", "levels": [2, 1], "layout": "channels_last",
            ]),
        NamedLayer("pyramid of volumes", [2, 1, 3, 4, 4], ["region": "pyramid", "levels": [1, 2], "dims": 3]),
        NamedLayer("pyramid without batch", [2, 5, 4], ["region": "pyramid", "levels": [3], "dims": 2]),
        NamedLayer("pyramid without channels", [7], ["region": "pyramid", "levels": [2, 3], "dims": 1]),
    ]

    package static let regions = [
        NamedLayer(
            "fractional by samples", [2, 2, 7, 8], ["region": "fractional", "kernel": [2, 3], "output_size": [3, 4]],
            [.randomSamples: Tensor([0.25, 0.75, 0.5, 0.125, 0.9, 0.1, 0.3, 0.6], shape: [2, 2, 2], .float64)]),
        NamedLayer(
            "fractional by seed", [1, 2, 6, 9],
            [
                "region": "fractional", "kernel": 2, "output_ratio": [0.5, 0.4], "seed": 11,
            ]),
        NamedLayer(
            "fractional, one column", [1, 2, 9, 7],
            ["region": "fractional", "kernel": [5, 5], "output_size": [3, 1], "seed": 3]),
        NamedLayer(
            "fractional, three dimensions", [1, 1, 5, 6, 4],
            [
                "region": "fractional", "kernel": [2, 2, 1], "output_size": [3, 2, 4], "seed": 3,
            ]),
        NamedLayer(
            "fractional by boundaries", [2, 6, 5],
            [
                "region": "fractional", "boundaries": [[0, 1, 4, 6], [0, 3, 5]],
            ]),
        NamedLayer(
            "fractional by boundaries, overlapping", [1, 6, 5],
            [
                "region": "fractional", "boundaries": [[0, 1, 4, 6], [0, 3, 5]], "overlapping": true,
            ]),
        NamedLayer(
            "roi, empty and overhanging", [2, 2, 6, 5], ["region": "roi", "output_size": [3, 2]], [.rois: rois]),
        NamedLayer(
            "roi, scaled, channels last", [2, 6, 5, 2],
            [
                "region": "roi", "output_size": 2, "spatial_scale": 0.5, "layout": "channels_last",
            ], [.rois: rois]),
        NamedLayer(
            "roi, position sensitive", [2, 8, 6, 5],
            [
                "region": "roi", "output_size": [2, 2], "position_sensitive": true,
            ], [.rois: rois]),
        NamedLayer(
            "no roi", [1, 2, 3, 3], ["region": "roi", "output_size": 2],
            [
                .rois: Tensor([Double](), shape: [0, 5], .float64)
            ]),
        NamedLayer("roi align", [2, 2, 6, 5], ["region": "roi_align", "output_size": [3, 2]], [.rois: rois]),
        NamedLayer(
            "roi align, aligned, two samples", [2, 6, 5, 2],
            [
                "region": "roi_align", "output_size": 2, "aligned": true, "sampling_ratio": 2, "spatial_scale": 0.5,
                "layout": "channels_last",
            ], [.rois: rois]),
        NamedLayer(
            "roi align, position sensitive", [2, 8, 6, 5],
            [
                "region": "roi_align", "output_size": [2, 2], "position_sensitive": true, "aligned": true,
            ], [.rois: rois]),
    ]

    package static let rows = [
        NamedLayer("sequence", [2, 4, 3], ["region": "sequence"]),
        NamedLayer(
            "sequence by mask, one all masked", [3, 4, 2], ["region": "sequence"],
            [
                .mask: Tensor(whole: [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0], shape: [3, 4], .bool)
            ]),
        NamedLayer(
            "sequence by lengths, one empty", [3, 4, 2], ["region": "sequence"],
            [
                .lengths: Tensor(whole: [4, 0, 2], shape: [3])
            ]),
        NamedLayer(
            "one sequence", [5, 2], ["region": "sequence"],
            [
                .mask: Tensor(whole: [0, 1, 1, 0, 1], shape: [5], .bool)
            ]),
        NamedLayer(
            "segments in any order, one empty", [7, 3], ["region": "segments", "segments": 5],
            [
                .segmentIDs: Tensor(whole: [3, 0, 1, 0, 3, 4, 0], shape: [7])
            ]),
        NamedLayer(
            "segments of planes", [4, 2, 2], ["region": "segments"],
            [
                .segmentIDs: Tensor(whole: [1, 0, 1, 1], shape: [4])
            ]),
        NamedLayer(
            "segments of numbers", [6], ["region": "segments"],
            [
                .segmentIDs: Tensor(whole: [0, 0, 2, 2, 2, 1], shape: [6])
            ]),
        NamedLayer(
            "segments, rows without one", [6, 2], ["region": "segments"],
            [
                .segmentIDs: Tensor(whole: [-1, 0, 2, -9, 0, 2], shape: [6])
            ]),
        NamedLayer(
            "bags by offsets, one empty", [7, 3], ["region": "bags"],
            [
                .offsets: Tensor(whole: [1, 3, 3, 6], shape: [4])
            ]),
        NamedLayer(
            "bags by spans that overlap and repeat", [6, 2, 2], ["region": "bags"],
            [
                .spans: Tensor(whole: [2, 6, 0, 3, 2, 6, 4, 4], shape: [4, 2])
            ]),
        NamedLayer(
            "bags by spans of batches", [3, 5, 2], ["region": "bags"],
            [
                .spans: Tensor(whole: [2, 0, 4, 0, 1, 5, 2, 3, 3, 1, 0, 1], shape: [4, 3])
            ]),
        NamedLayer(
            "bags by members, in any order and twice", [5, 3], ["region": "bags"],
            [
                .members: Tensor(whole: [4, 0, 4, 2, 1, 3, 3], shape: [7]),
                .offsets: Tensor(whole: [0, 3, 3, 7], shape: [4]),
            ]),
        NamedLayer(
            "bags of numbers", [5], ["region": "bags"],
            [
                .spans: Tensor(whole: [0, 5, 3, 4], shape: [2, 2], .int32)
            ]),
        NamedLayer(
            "no bags", [4, 2], ["region": "bags"],
            [
                .spans: Tensor(whole: [], shape: [0, 2])
            ]),
    ]

    /// Inside, over two edges, outside, inverted, and down to one point.
    private static let rois = Tensor(
        [
            0, 0, 0, 4, 5, 1, -2, 1, 2, 3, 0, 3.25, 2.75, 9, 9, 1, 20, 20, 24, 26, 1, 3, 4, 1, 2, 0, 2, 2, 2, 2,
        ], shape: [6, 5], .float64)
}
