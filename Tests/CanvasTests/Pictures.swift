import Canvas

/// The rows of characters of what is drawn into a frame of that size.
func rows(_ width: Int, _ height: Int, _ glyphs: GlyphSet = .braille, _ draw: (inout Frame) -> Void) -> [String] {
    var frame = Frame(Size(width: width, height: height), glyphs: glyphs)
    draw(&frame)
    return (0..<height).map { y in
        String((0..<width).filter { !frame[$0, y].isContinuation }.map { frame[$0, y].character })
    }
}
