import Foundation

/// Files that other software wrote: numpy 2.4, safetensors 0.8, Pillow 13, Python's gzip and zlib, zstandard.
enum FormatFixtures {
    static let npyFloat = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAACAPwAAAEAAAEBAAACAQAAAoEA=
        """)
    static let npyFortran = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgNCksIH0gICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAwABAAQAAgAFAABAA0ABQARAAkAFQACAA4ABgASAAoA
        FgADAA8ABwATAAsAFwA=
        """)
    static let npyBig = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAD/wAAAAAAAAQAAAAAAAAAA=
        """)
    static let npyVersion2 = decoded(
        """
        k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAEAAAAAAAAAAgAAAAAAAAA=
        """)
    static let npyVersion3 = decoded(
        """
        k05VTVBZAwB0AAAAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQI=
        """)
    static let npyScalar = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAQQ==
        """)
    static let npyEmpty = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsIDMpLCB9ICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=
        """)
    static let npyBool = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==
        """)
    static let npyText = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPFUzJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAphAAAAYgAAAGMAAAA=
        """)
    static let npyObject = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJWLAAAAAAAAAIwWbnVtcHkuX2NvcmUubXVsdGlhcnJh
        eZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwGFlGgDjAVkdHlwZZSTlIwCTziUiYiHlFKU
        KEsDjAF8lE5OTkr/////Sv////9LP3SUYoldlH2UYXSUYi4=
        """)
    static let npyStructure = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxmNCcpLCAoJ2InLCAnPGk0JyldLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUn
        OiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAA
        """)
    static let npyUInt32 = decoded(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPHU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAA==
        """)
    static let safetensorsPair = decoded(
        """
        mAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJieSI6InVzIn0sImluZGljZXMiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzEsMl0sImRhdGFf
        b2Zmc2V0cyI6WzAsMTZdfSwiaW5wdXQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzE2LDQwXX19IAEA
        AAAAAAAAAgAAAAAAAAAAAAAAAACAPwAAAEAAAEBAAACAQAAAoEA=
        """)
    static let safetensorsOdd = decoded(
        """
        eAAAAAAAAAB7ImlucHV0Ijp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMCw0XX0sIm1hc2siOnsiZHR5cGUi
        OiJCT09MIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNCw3XX19ICAgICAAAAA8AQAB
        """)
    static let pngGrey = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNgaPjPyMjICAAIDQGEBK4a7AAAAABJRU5ErkJggg==
        """)
    static let pngColour = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNkYGRiZmZmYWNjY2ZmBgABFwAtLrt4pAAAAABJRU5ErkJggg==
        """)
    static let pngAlpha = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAGklEQVR4nGNkYGRiZmFhYWHh4ODgYGFhYQEAAlAATOcB9QQAAAAASUVORK5C
        YII=
        """)
    static let pngGreyAlpha = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAQAAADYv8WvAAAAEklEQVR4nGNkYGRiYmFhYWICAABsABeHWzIPAAAAAElFTkSuQmCC
        """)
    static let png16 = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAEklEQVR4nGNgYGRkYPj/n4kRAAcXAgSYYGk2AAAAAElFTkSuQmCC
        """)
    static let pngPalette = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAQMAAABIeJ9nAAAABlBMVEUKFB4oMjzVG7TpAAAADElEQVR4nGNwYHIAAAEIAIMYhovOAAAAAElF
        TkSuQmCC
        """)
    static let pngBits = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQAAAADcWUInAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==
        """)
    static let pngInterlaced = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAADCAAAAAEERNr1AAAAF0lEQVR4nGNgYGBiYONgYGRgZ2BmYQUAAOsAJfp3+GUAAAAASUVORK5CYII=
        """)
    static let pngBomb = decoded(
        """
        iVBORw0KGgoAAAANSUhEUn////9/////EAYAAABEWdclAAAADElEQVR4nGNgoD0AAABkAAGGZDw1AAAAAElFTkSuQmCC
        """)
    static let gzip = decoded("H4sIAAAAAAACAyvIz8/JzEtXKBilyaIBmSb71kABAAA=")
    static let deflate = decoded("eJwryM/PycxLVygYpcmiAcr7e8E=")
    static let zstd = decoded("KLUv/WBAAH0AAEBwb29saW5nIAEANVMLFw==")
    static let rawDeflate = decoded("K8jPz8nMS1coGKXJogE=")
    static let zstdWideWindow = decoded("KLUv/QCIfQAAQHBvb2xpbmcgAQA1UwsX")

    private static func decoded(_ text: String) -> [UInt8] {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters).map(Array.init) ?? []
    }
}
