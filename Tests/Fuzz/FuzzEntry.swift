import Glibc
import PoolingEngine
import PoolingWire

/// What libFuzzer calls with each input; the environment's `FUZZ_TARGET` says which target takes it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// A part of the service that takes bytes from strangers.
enum FuzzTarget: String, CaseIterable {
    case json, npy, safetensors, png, inference, query, compression, plan, shape, values, geometry

    static let chosen: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            print("FUZZ_TARGET is '\(name)'; it must be one of \(names)")
            exit(64)
        }
        return target
    }()

    func run(_ input: [UInt8]) {
        switch self {
        case .json: CodecTargets.json(input)
        case .npy: CodecTargets.npy(input)
        case .safetensors: CodecTargets.safetensors(input)
        case .png: CodecTargets.png(input)
        case .inference: CodecTargets.inference(input)
        case .query: CodecTargets.query(input)
        case .compression: CodecTargets.compression(input)
        case .plan: PlanTargets.plan(input)
        case .shape: PlanTargets.shape(input)
        case .values: ValueTargets.values(input)
        case .geometry: ValueTargets.geometry(input)
        }
    }
}
