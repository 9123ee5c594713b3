import PoolingEngine
import Testing

@testable import PoolingWire

@Suite struct QueryStringTests {
    private func value(_ text: String) throws(WireError) -> FieldValue? {
        try QueryString.parse("x=\(text)").fields.first?.value
    }

    private func number(_ value: Int) -> FieldValue { .number(FieldNumber(value)) }

    @Test func `numbers, lists, booleans, JSON and strings are told apart`() throws {
        #expect(try value("3") == number(3))
        #expect(try value("-3") == number(-3))
        #expect(try value("1e2") == number(100))
        #expect(try value("0.5") == .number(FieldNumber(value: 0.5, whole: nil)))
        #expect(try value("3,4") == .list([number(3), number(4)]))
        #expect(try value("true") == .bool(true))
        #expect(try value("same") == .string("same"))
        #expect(try value("Infinity") == .string("Infinity"))
        #expect(try value("[[0,1],[2,null]]") == .list([.list([number(0), number(1)]), .list([number(2), .null])]))
        #expect(try value("[0,+1]") == .list([number(0), number(1)]))
        #expect(try value("%22x%22") == .string("x"))
        #expect(try value("") == .string(""))
        #expect(try value("3,") == .string("3,"))
        #expect(try value("03") == .string("03"))
        #expect(try value("null") == nil)
    }

    @Test(arguments: [
        ("ceil_mode=True", true), ("ceil_mode=False", false), ("ceil_mode=1", true), ("return_indices=0", false),
        ("overlapping=true", true), ("return_indices=%31", true),
    ])
    func `booleans are read as Python and shells write them`(_ query: String, _ value: Bool) throws {
        #expect(try QueryString.parse(query).fields.first?.value == .bool(value))
    }

    @Test(arguments: ["padding=1", "p=0", "seed=1", "boundaries=1"])
    func `other fields keep their numbers`(_ query: String) throws {
        #expect(try QueryString.parse(query).fields.first?.value.kind == "a number")
    }

    @Test func `only 0 and 1 are booleans among the numbers`() throws {
        #expect(try QueryString.parse("ceil_mode=2").fields.first?.value == number(2))
        #expect(try QueryString.parse("ceil_mode=1,0").fields.first?.value == .list([number(1), number(0)]))
    }

    @Test func `seeds are exact up to 64 bits`() throws {
        #expect(try value("18446744073709551615") == .number(FieldNumber(value: 0x1p64, whole: Int128(UInt64.max))))
    }

    @Test func `escapes are decoded and broken ones rejected`() throws {
        #expect(try QueryString.parse("%6Fp=m%61x&&k=%E2%82%AC+").fields.map(\.name) == ["op", "k"])
        #expect(try value("%E2%82%AC+%2B") == .string("€ +"))
        for text in ["%", "%4", "%zz", "%C3", "%ED%A0%80", "[1", "{\"a\":1,}", "\"x"] {
            #expect(mistake { () throws(WireError) in _ = try value(text) }?.malformation == .request, "\(text)")
        }
        #expect(mistake { () throws(WireError) in _ = try QueryString.parse("=3") }?.malformation == .request)
    }

    @Test func `a name that stands twice is rejected, however it is spelt`() {
        for query in ["a=1&a=2", "a=1&%61=1", "dtype=int8&dtype=int8", "rois=1&rois=1"] {
            #expect(mistake { () throws(WireError) in _ = try QueryString.parse(query) }?.malformation == .duplicateKey)
        }
    }

    @Test func `too many fields are rejected`() {
        let query = (0..<65).map { "f\($0)=1" }.joined(separator: "&")
        #expect(mistake { () throws(WireError) in _ = try QueryString.parse(query) }?.malformation == .request)
    }

    @Test func `dtype and response_form are taken out`() throws {
        let parameters = try QueryString.parse("dtype=float16&op=max&response_form=b64&kernel=null")
        #expect(parameters.elementType == .float16)
        #expect(parameters.responseForm == .b64)
        #expect(parameters.fields == [Field("op", .string("max"))])
        for query in ["dtype=float8", "dtype=3", "response_form=x"] {
            #expect(mistake { () throws(WireError) in _ = try QueryString.parse(query) }?.rejection != nil)
        }
    }

    @Test func `small tensors travel together with the one in the body`() throws {
        let parameters = try QueryString.parse("rois=[[0,1,1,2,2]]&weights=1,2,1&lengths=3")
        let request = try parameters.request(.forward, tensors: [.input: Tensor(elementType: .float64, shape: [1])])
        #expect(request.tensors[.rois]?.shape == [1, 5])
        #expect(request.tensors[.weights]?.elements() == [1, 2, 1] as [Double])
        #expect(request.tensors[.lengths]?.shape == [])
        #expect(throws: WireError.self) { try QueryString.parse("rois=x").request(.forward, tensors: [:]) }
        #expect(throws: WireError.self) {
            try parameters.request(.forward, tensors: [.rois: Tensor(elementType: .float64, shape: [1])])
        }
    }
}
