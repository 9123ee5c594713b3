/// What other frameworks call the names of this service: hints, never aliases.
package struct Vocabulary: Sendable {
    package struct Meaning: Sendable {
        let word: String
        /// What has to be said with it, such as another value.
        let note: String
    }

    /// By letters and digits in lower case; the first meaning that a request can have counts.
    private let meanings: [String: [Meaning]]

    /// - Parameter words: for each word of this service, with what has to be said after a bar, the words of others.
    package init(_ words: KeyValuePairs<String, [String]>) {
        var meanings: [String: [Meaning]] = [:]
        for (word, others) in words {
            let parts = word.split(separator: "|", maxSplits: 1).map(String.init)
            let meaning = Meaning(word: parts[0], note: parts.count > 1 ? parts[1] : "")
            for other in others { meanings[other, default: []].append(meaning) }
        }
        self.meanings = meanings
    }

    /// - Parameter name: letters and digits in lower case; a layer's dimensions (`maxpool2d`) may follow.
    func meanings(of name: String) -> [Meaning] {
        if let known = meanings[name] { return known }
        guard Self.dimensions.contains(where: name.hasSuffix) else { return [] }
        return meanings[String(name.dropLast(2))] ?? []
    }

    /// The words of this service that others lead to.
    var words: Set<String> { Set(meanings.values.flatMap { $0.map(\.word) }) }

    private static let dimensions = ["1d", "2d", "3d", "nd"]
}

extension Vocabulary {
    package static let fields = Vocabulary([
        "op": [
            "pool", "pooling", "pooltype", "poolingtype", "poolmode", "poolingmode", "poolmethod", "type", "reduce",
            "reduction", "reducer", "aggr", "aggregation", "operation", "operator",
        ],
        "region": ["regiontype", "regions", "windowing"],
        "input": ["inputs", "x", "data", "tensor", "image", "array", "values", "hiddenstates", "features"],
        "grad_output": ["grad", "gradoutputs", "outgrad", "dy", "gradient", "upstream", "gradout"],
        // Before the kernel, which a lone number is: a filter has the weights of one.
        "weights": ["weight", "filter", "filters", "kernelweights", "coefficients"],
        "kernel": [
            "kernelsize", "ksize", "kernelshape", "poolsize", "poolsizes", "window", "windowsize", "windowshape",
            "windowdimensions", "filter", "filtersize", "kernels", "size",
        ],
        "stride": ["strides", "windowstrides", "step", "steps", "stepsize", "subsample"],
        "padding": [
            "pad", "pads", "paddings", "padwidth", "autopad", "padamount", "paddingtype",
            "explicitpaddings", "explicitpadding",
        ],
        "padding_mode": ["padmode", "paddingmethod", "bordermode", "border", "boundary"],
        "dilation": ["dilations", "rate", "rates", "dilationrate", "windowdilation", "basedilation", "atrous"],
        "ceil_mode": ["ceil", "ceiling", "roundup", "roundingtype", "useceil"],
        "layout": [
            "dataformat", "dataformats", "format", "dataorder", "channelorder", "memoryformat", "imagedataformat",
            "tensorformat",
        ],
        "layout|with 'channels_last'": ["channelslast", "nhwc"],
        "layout|with 'channels_first'": ["channelsfirst", "nchw"],
        "dims": ["ndim", "ndims", "spatialdims", "spatialdimensions", "numspatialdims"],
        "axes": ["axis", "dim", "reductionaxes", "reduceaxes", "axisnumbers"],
        "dtype": ["datatype", "type", "precision", "elementtype"],
        "index_order": ["storageorder", "order"],
        "index_base|with 'tensor', which counts the batch": ["includebatchinindex"],
        "index_dtype": ["indextype", "indicesdtype", "indicestype", "argmaxtype", "maskdtype", "targmax", "outdtype"],
        "return_indices": [
            "returnmask", "returnindex", "withindices", "withindex", "withargmax", "returnargmax", "argmax",
            "includeindices", "outputindices",
        ],
        "indices": ["argmaxindices", "poolmask", "switches"],
        "count_include_pad": ["includepad", "countincludepadding", "includepadding", "countpad", "countpadding"],
        "count_include_pad|with the opposite value": [
            "excludepad", "excludepadding", "exclusive", "countexcludepad", "countexcludepadding",
        ],
        "divisor_override": ["divisor", "divisoroverwrite"],
        "output_size": [
            "outputshape", "outsize", "outputsizes", "targetsize", "targetshape", "outputdim", "bins", "outputbins",
            "pooledsize", "size", "poolsize", "cropsize", "pooledheight", "pooledwidth", "outputheight", "outputwidth",
            "outheight", "outwidth",
        ],
        "levels": ["bins", "pyramidlevels", "pyramidheight", "numlevels", "poollist", "binsizes", "spplevels"],
        "output_ratio": ["ratio", "poolingratio", "outputscale"],
        "boundaries": ["rowpoolingsequence", "colpoolingsequence", "poolingsequence", "sequences"],
        "random_samples": ["samples", "randomu"],
        "rois": ["boxes", "bbox", "bboxes", "proposals", "box"],
        "spatial_scale": ["scale", "scalefactor"],
        "sampling_ratio": ["sampling", "sampleratio", "samplesperbin", "samplingpoints", "samplingrate", "samples"],
        "aligned": ["halfpixel", "align", "coordinatetransformationmode"],
        "mask": ["attentionmask", "attnmask", "inputmask", "tokenmask", "sequencemask", "masks"],
        "mask|with the opposite value": ["paddingmask", "padmask", "keypaddingmask", "srckeypaddingmask"],
        "lengths": [
            "length", "seqlen", "seqlens", "seqlength", "seqlengths", "sequencelength", "sequencelengths",
            "inputlengths",
        ],
        "segment_ids": ["segmentid", "ids", "batch", "index", "groups"],
        "segments": ["numsegments", "dimsize", "segmentcount"],
        "p": ["normtype", "power", "exponent", "ord", "norm"],
        "r": ["gamma", "sharpness"],
        "beta": ["gamma", "sharpness"],
        "q": ["quantile", "quantiles"],
        "q|from 0 to 1": ["percentile", "rank"],
        "interpolation": ["method"],
        "correction": ["ddof", "unbiased", "bessel"],
        "eps": ["epsilon"],
        "seed": ["randomseed", "rng", "key", "generator"],
        "input_shape": ["inputsize", "inputsizes", "originputshape", "shape"],
    ])

    static let ops = Vocabulary([
        "max": ["maximum", "amax", "maxpool", "maxpooling", "dilate", "dilation"],
        "max|with the region 'global'": ["gmp", "globalmax", "globalmaxpool", "globalmaxpooling"],
        "max|with the region 'adaptive'": ["adaptivemax", "adaptivemaxpool"],
        "max|with the region 'fractional'": ["fractionalmaxpool"],
        "max|with the region 'pyramid'": ["spp", "spatialpyramid", "spatialpyramidpooling"],
        "max|with the region 'roi'": ["roipool", "roipooling", "maxroipool"],
        "avg|with the region 'roi_align'": ["roialign"],
        "min": ["minimum", "amin", "erode", "erosion", "minpool", "minpooling"],
        "avg": [
            "mean", "average", "ave", "reducemean", "avgpool", "avgpooling", "averagepool", "averagepooling",
            "meanpool",
            "meanpooling",
        ],
        "avg|with the region 'global'": [
            "gap", "globalavg", "globalaverage", "globalmean", "globalavgpool", "globalaveragepool",
            "globalaveragepooling",
        ],
        "avg|with the region 'adaptive'": ["adaptiveavg", "adaptiveavgpool"],
        "power_avg": ["gem", "gempool", "gempooling", "generalizedmean", "powermean"],
        "logsumexp": ["lse", "lsepool", "lseplus", "logmeanexp"],
        "softmax": ["softpool", "softmaxpool", "softmaxpooling"],
        "weighted": ["blurpool", "blur", "antialias", "binomial", "gaussian", "depthwise", "conv", "convolution"],
        "first": ["cls", "clstoken", "head", "firsttoken", "bos"],
        "last": ["lasttoken", "eos", "tail"],
        "lp": ["l2", "norm", "pnorm", "lppool", "lppooling"],
        "lp|with 'p' 1": ["l1"],
        "sum": ["add", "total", "sumpool", "reducesum"],
        "product": ["prod", "mul", "multiply", "reduceprod"],
        "variance": ["var"],
        "std": ["stddev", "standarddeviation", "stdev"],
        "quantile": ["percentile", "rank", "rankfilter"],
        "median": ["medianpool", "medianfilter"],
        "mixed": ["avgmax", "mixedpool", "maxavg"],
        "mean_sqrt_len": ["sqrtlen", "sqrtn", "meansqrt", "meansqrtlentokens"],
        "stochastic": ["stochasticpool", "stochasticpooling"],
    ])

    /// What an endpoint of its own does.
    static let unpooling = Vocabulary(["unpool": ["maxunpool", "maxunpooling", "unpooling", "unmaxpool"]])

    static let regions = Vocabulary([
        "sliding": ["window", "windowed", "local", "spatial", "slide", "default"],
        "global": ["gap", "gmp", "whole", "all", "full", "globalpool", "globalpooling"],
        "adaptive": ["bins", "adaptiveavg", "adaptivemax"],
        "pyramid": ["spp", "spatialpyramid", "spatialpyramidpooling"],
        "roi": ["roipool", "roipooling", "box", "boxes", "rois", "psroi", "psroipool"],
        "roi_align": ["psroialign"],
        "sequence": ["tokens", "token", "temporal", "time", "seq", "text"],
        "segments": ["segment", "scatter", "graph", "groups", "unsortedsegment"],
        "bags": ["bag", "embeddingbag", "ragged", "spans", "csr"],
    ])

    /// For the values of `dtype`.
    package static let elementTypes = Vocabulary([
        "float32": ["fp32", "f32", "f4", "float", "single", "torchfloat32", "tffloat32", "npfloat32", "torchfloat"],
        "float64": ["fp64", "f64", "double", "torchfloat64", "npfloat64", "torchdouble"],
        "float16": ["fp16", "f16", "f2", "half", "torchfloat16", "npfloat16", "torchhalf"],
        "bfloat16": ["bf16", "torchbfloat16", "brain"],
        "int64": ["i64", "long", "torchint64", "npint64", "torchlong", "integer64"],
        "int32": ["i32", "i4", "int", "integer", "torchint32", "npint32", "torchint"],
        "int16": ["i16", "i2", "short", "torchint16", "npint16"],
        "int8": ["char", "schar", "torchint8", "npint8"],
        "uint8": ["u8", "u1", "byte", "uchar", "torchuint8", "npuint8"],
        "uint16": ["u16", "u2", "ushort", "npuint16"],
        "bool": ["boolean", "torchbool", "npbool"],
    ])

    /// For the values of other fields, by the name of the field.
    static let values: [String: Vocabulary] = [
        "padding": Vocabulary([
            "same": ["sameupper", "half"], "valid": ["none", "novalid"], "same_lower": ["samelow"],
        ]),
        "padding_mode": Vocabulary([
            "ignore": ["none", "neginf"], "zeros": ["zero"], "reflect": ["mirror", "reflection"],
            "replicate": ["edge", "nearest", "border", "replication", "clamp"],
            "circular": ["wrap", "periodic", "grid"], "symmetric": ["reflecthalf", "gridmirror"],
            "constant": ["gridconstant", "fill", "value"],
        ]),
        "layout": Vocabulary([
            "channels_last": ["hwc", "last", "channelslastformat", "torchchannelslast", "dhwc"],
            "channels_first": ["chw", "first", "contiguousformat", "default", "cdhw"],
            "NWC": ["nlc", "ntc", "nsc", "btc", "blc"], "NCW": ["ncl", "nct", "bct", "bcl"],
            "NHWC": ["bhwc"], "NCHW": ["bchw"],
        ]),
        "index_order": Vocabulary(["row_major": ["c", "0"], "column_major": ["f", "fortran", "1"]]),
        "index_base": Vocabulary(["plane": ["spatial"], "tensor": ["global", "flat"], "window": ["kernel", "local"]]),
        "nan": Vocabulary(["ignore": ["omit", "skip"], "propagate": ["keep"]]),
    ]
}
