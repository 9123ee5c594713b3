/// How numbers become those of another element type.
enum ConversionRule: Sendable {
    /// Floating-point types round once, to nearest even; anything else that does not fit is a fault.
    case exact
    /// To integers: rounded half to even and clamped, NaN to 0.
    case clamped
}
