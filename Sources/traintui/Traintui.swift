@main struct Traintui { static func main() {} }
