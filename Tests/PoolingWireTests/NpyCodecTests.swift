import PoolingEngine
import PoolingTestKit
import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct NpyCodecTests {
    private func tensor(
        _ bytes: [UInt8], misalignment: Int = 0, parameters: RequestParameters = .none
    ) throws(WireError) -> Tensor {
        let request = try decoding(bytes, misalignment: misalignment) { (body) throws(WireError) in
            try NpyCodec.decode(body, parameters: parameters, as: .forward)
        }
        return request.tensors[.input] ?? Tensor(elementType: .bool, shape: [0])
    }

    @Test func `a file that numpy wrote is read`() throws {
        let tensor = try tensor(FormatFixtures.npyFloat)
        #expect(tensor.elementType == .float32)
        #expect(tensor.shape == [2, 3])
        #expect(tensor.elements() == [0, 1, 2, 3, 4, 5] as [Float])
    }

    @Test func `Fortran order is turned into C order`() throws {
        let tensor = try tensor(FormatFixtures.npyFortran)
        #expect(tensor.shape == [2, 3, 4])
        #expect(tensor.elements() == Array(0..<24) as [Int16])
    }

    /// Axes of one element have no order, and stepping along 63 of them for each element took 180 ns.
    @Test(arguments: [
        ([1, 2, 1, 3, 1, 1], [0, 2, 4, 1, 3, 5]), ([1, 6, 1], [0, 1, 2, 3, 4, 5]), ([6, 1, 1, 1], [0, 1, 2, 3, 4, 5]),
        ([2, 3], [0, 2, 4, 1, 3, 5]), ([1, 1, 1, 1, 6], [0, 1, 2, 3, 4, 5]),
    ])
    func `Fortran order leaves out axes of one element`(_ shape: [Int], _ expected: [UInt8]) throws {
        let extents = shape.map(String.init).joined(separator: ", ")
        let text = Array("{'descr': '|u1', 'fortran_order': True, 'shape': (\(extents)), }\n".utf8)
        let file = NpyHeader.magic + [1, 0, UInt8(text.count), 0] + text + [0, 1, 2, 3, 4, 5]
        let tensor = try tensor(file)
        #expect(tensor.shape == shape)
        #expect(tensor.elements() == expected)
    }

    @Test func `big-endian elements are swapped`() throws {
        #expect(try tensor(FormatFixtures.npyBig).elements() == [0, 1, 2] as [Double])
    }

    @Test func `versions 2 and 3 are read`() throws {
        #expect(try tensor(FormatFixtures.npyVersion2).elements() == [0, 1, 2] as [Int64])
        #expect(try tensor(FormatFixtures.npyVersion3).elements() == [0, 1, 2] as [UInt8])
    }

    @Test(arguments: ["(2L, 3L)", "(2L, 3L,)", "(2,3L)"])
    func `long integers of Python 2 are read`(_ shape: String) throws {
        let text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n".utf8)
        let file = NpyHeader.magic + [1, 0, UInt8(text.count), 0] + text + [UInt8](repeating: 0, count: 24)
        #expect(try tensor(file).shape == [2, 3])
    }

    @Test(arguments: ["(L, 3)", "(2LL, 3)", "(2l, 3)", "(0x2, 3)"])
    func `other spellings of sizes are rejected`(_ shape: String) {
        let text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n".utf8)
        let file = NpyHeader.magic + [1, 0, UInt8(text.count), 0] + text + [UInt8](repeating: 0, count: 24)
        #expect(mistake { () throws(WireError) in _ = try tensor(file) }?.malformation == .npy)
    }

    @Test func `another file is called what it is`() {
        let picture = [0xff, 0xd8, 0xff, 0xe0] + [UInt8](repeating: 0, count: 20)
        #expect(
            mistake { () throws(WireError) in _ = try tensor(picture) }?.detail
                == "expected an npy file, got a JPEG (byte 0)")
        #expect(mistake { () throws(WireError) in _ = try tensor([]) }?.detail == "the request body is empty (byte 0)")
    }

    @Test func `a scalar has no axes and an empty array no elements`() throws {
        #expect(try tensor(FormatFixtures.npyScalar).shape == [])
        #expect(try tensor(FormatFixtures.npyEmpty).shape == [0, 3])
    }

    @Test func `booleans are read and other bytes than 0 and 1 rejected`() throws {
        #expect(try tensor(FormatFixtures.npyBool).bytes == [1, 0])
        let damaged = Array(FormatFixtures.npyBool.dropLast()) + [2]
        #expect(mistake { () throws(WireError) in _ = try tensor(damaged) }?.rejection?.reason == .notRepresentable)
    }

    @Test func `aligned elements are viewed and others copied`() throws {
        let body = Bytes(copying: FormatFixtures.npyFloat)
        let request = try NpyCodec.decode(body, parameters: .none, as: .backward)
        let elements = try #require(request.tensors[.gradOutput]).storage
        let starts = [elements, body].map { $0.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } }
        #expect(starts[0] == starts[1] + 128)
        #expect(elements.sharesMemory(with: body))
        #expect(try tensor(FormatFixtures.npyFloat, misalignment: 1).elements() == [0, 1, 2, 3, 4, 5] as [Float])
    }

    @Test(arguments: [
        FormatFixtures.npyText, FormatFixtures.npyObject, FormatFixtures.npyStructure, FormatFixtures.npyUInt32,
    ])
    func `types that no tensor has are rejected`(_ file: [UInt8]) {
        #expect(throws: WireError.self) { try tensor(file) }
    }

    @Test func `the file keeps its own type together with another dtype, to which it is converted later`() throws {
        let parameters = try RequestParameters([Field("dtype", .string("int8"))])
        #expect(try tensor(FormatFixtures.npyFloat, parameters: parameters).elementType == .float32)
    }

    @Test(arguments: [
        "{'shape': (2,), 'fortran_order': False, 'descr': '<f4'}",
        "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2,),}",
        "  { 'descr' :\n'<f4' , 'fortran_order' : False , 'shape' : ( 2 , ) , } \n",
        "{'descr': '=f4', 'fortran_order': True, 'shape': (1,2,)}",
    ])
    func `any spelling of the header's dictionary is read`(_ header: String) throws {
        #expect(try tensor(file(header)).count == 2)
    }

    @Test(arguments: [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (02,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)},",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}",
        "{,'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    ])
    func `what numpy would not write is malformed`(_ header: String) {
        #expect(mistake { () throws(WireError) in _ = try tensor(file(header)) }?.malformation == .npy)
    }

    private func file(_ header: String) -> [UInt8] {
        NpyHeader.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    }

    @Test(arguments: [FormatFixtures.npyFloat, FormatFixtures.npyFortran, FormatFixtures.npyVersion2])
    func `every prefix is rejected`(_ file: [UInt8]) {
        expectEveryPrefixRejected(file) { (body) throws(WireError) in
            _ = try NpyCodec.decode(body, parameters: .none, as: .forward)
        }
    }

    @Test func `damaged files do no harm`() {
        let rejected = rejectedMutations(of: FormatFixtures.npyFortran) { (body) throws(WireError) in
            _ = try NpyCodec.decode(body, parameters: .none, as: .forward)
        }
        #expect(rejected > 1000)
    }

    @Test func `what is written is what numpy writes`() throws {
        let result = PoolingResult(tensors: [.init(.output, .of(.float32, [2, 3], [0, 1, 2, 3, 4, 5] as [Float]))])
        #expect(try NpyCodec.encode(result).joined() == FormatFixtures.npyFloat)
    }

    @Test(arguments: ElementType.allCases.filter { $0 != .bfloat16 }, [[], [3], [2, 0], [1, 2, 3]])
    func `what is written can be read`(_ elementType: ElementType, _ shape: [Int]) throws {
        let written = Tensor(elementType: elementType, shape: shape, zeroed: true)
        let read = try tensor(try NpyCodec.encode(PoolingResult(tensors: [.init(.gradInput, written)])).joined())
        #expect(read.elementType == elementType)
        #expect(read.shape == shape)
    }

    @Test func `a second tensor and bfloat16 are left to other formats`() {
        let tensor = Tensor(elementType: .float32, shape: [1])
        let pair = PoolingResult(tensors: [.init(.output, tensor), .init(.indices, tensor)])
        let narrow = PoolingResult(tensors: [.init(.output, Tensor(elementType: .bfloat16, shape: [1]))])
        for result in [pair, narrow] {
            let rejection = #expect(throws: EncodingRejection.self) { try NpyCodec.encode(result) }
            #expect(rejection?.detail.contains("; accept application/vnd.safetensors or ") == true)
        }
    }
}
