import JobFile
import Tabular
import TrainCore
import Wording

// Random numbers, with the bits of ``Philox`` and what is made of them.
extension KerasScript {
    private var initializers: [any Initializer] {
        initialWeights != nil
            ? [] : job.model.layers.flatMap { [$0.kernelInitializer, $0.biasInitializer] }
    }

    private var initializerNames: Set<String> { Set(initializers.map { type(of: $0).name }) }

    var usesTruncatedNormal: Bool { initializerNames.contains { $0.hasSuffix("_normal") } }
    private var usesUniform: Bool { initializerNames.contains { $0.hasSuffix("_uniform") } }

    /// Whether rows are put in a random order, for the split or for the batches.
    private var permutes: Bool { data.validation != nil || data.test != nil || job.sampling == .shuffle }

    var randomNumbers: [String] {
        var functions: [[String]] = []
        if permutes || job.sampling == .random || usesTruncatedNormal || usesUniform { functions.append(Self.philox) }
        if permutes { functions.append(Self.permutation) }
        if usesTruncatedNormal || usesUniform { functions.append(Self.uniform) }
        if usesTruncatedNormal { functions.append(Self.truncatedNormal) }
        functions += Self.scalings.filter { initializerNames.contains($0.name) }.map(Self.initializer)
        if initialWeights != nil { functions.append(Self.weightsReader) }
        return functions.flatMap { [""] + $0 + [""] }.dropLast(functions.isEmpty ? 0 : 1)
    }

    /// The streams of the random numbers, as in ``Philox/Stream``.
    enum Stream: String {
        case batches = "BATCHES"
        case split = "SPLIT"
        case weights = "WEIGHTS"
    }

    private static let philox = [
        "BATCHES, SPLIT, WEIGHTS = 0, 1, 2  # what random numbers are drawn for",
        "",
        "",
        "def philox(stream, blocks, c1=0, c2=0):",
        "    \"\"\"Four words of 32 random bits for each of so many blocks.",
        "",
        "    Philox4x32-10: Salmon et al., \"Parallel random numbers: as easy as 1, 2, 3\" (2011).",
        "    \"\"\"",
        "    mask = 0xFFFFFFFF",
        "    k0, k1 = SEED & mask, SEED >> 32 ^ (stream * 0x85EBCA6B & mask)",
        "    x0, x1, x2, x3 = (np.full(blocks, c, dtype=np.uint64) for c in (0, c1, c2, 0))",
        "    x0 += np.arange(blocks, dtype=np.uint64)",
        "    for _ in range(10):",
        "        left, right = x0 * 0xD2511F53, x2 * 0xCD9E8D57",
        "        x0, x1, x2, x3 = right >> 32 ^ x1 ^ k0, right & mask, left >> 32 ^ x3 ^ k1, left & mask",
        "        k0, k1 = k0 + 0x9E3779B9 & mask, k1 + 0xBB67AE85 & mask",
        "    return np.stack([x0, x1, x2, x3], axis=1)",
    ]

    private static let permutation = [
        "def permutation(stream, count, epoch=0):",
        "    \"\"\"The numbers 0 to count - 1 in a random order: Fisher and Yates's shuffle.\"\"\"",
        "    order = list(range(count))",
        "    words = iter(philox(stream, count // 3 + 16, c2=epoch).ravel().tolist())",
        "    for last in range(count - 1, 0, -1):",
        "        # Lemire's \"Fast random integer generation in an interval\" (2019).",
        "        product = next(words) * (last + 1)",
        "        while product % 2**32 < 2**32 % (last + 1):",
        "            product = next(words) * (last + 1)",
        "        other = product >> 32",
        "        order[last], order[other] = order[other], order[last]",
        "    return np.array(order)",
    ]

    private static let uniform = [
        "def uniform(tensor, shape):",
        "    \"\"\"Numbers from 0 to 1, another row of them for each tensor of the model.\"\"\"",
        "    words = philox(WEIGHTS, int(np.prod(shape)), c1=tensor)",
        "    bits = (words[:, 0] << 32 | words[:, 1]) >> 12",
        "    return ((bits + 0.5) * 2.0**-52).reshape(shape)",
    ]

    private static let truncatedNormal = [
        "def truncated_normal(tensor, shape):",
        "    \"\"\"Normal numbers within two deviations, widened so that their deviation is 1.\"\"\"",
        "    tail = NormalDist().cdf(-2)",
        "    shares = tail + uniform(tensor, shape) * (1 - 2 * tail)",
        "    return np.vectorize(NormalDist().inv_cdf)(shares) / 0.87962566103423978",
    ]

    private struct Scaling {
        let name: String
        let source: String
        /// What the variance is: this over the fans.
        let scale: Int
        let fans: String
    }

    private static let scalings = [
        Scaling(name: "glorot_normal", source: "Glorot & Bengio 2010", scale: 2, fans: "fan_in + fan_out"),
        Scaling(name: "glorot_uniform", source: "Glorot & Bengio 2010", scale: 2, fans: "fan_in + fan_out"),
        Scaling(name: "he_normal", source: "He et al. 2015", scale: 2, fans: "fan_in"),
        Scaling(name: "he_uniform", source: "He et al. 2015", scale: 2, fans: "fan_in"),
        Scaling(name: "lecun_normal", source: "LeCun et al. 1998", scale: 1, fans: "fan_in"),
        Scaling(name: "lecun_uniform", source: "LeCun et al. 1998", scale: 1, fans: "fan_in"),
    ]

    private static func initializer(_ scaling: Scaling) -> [String] {
        let fans = scaling.fans.contains("+") ? "(\(scaling.fans))" : scaling.fans
        let isNormal = scaling.name.hasSuffix("_normal")
        return [
            "def \(scaling.name)(tensor, \(scaling.fans.replacing(" +", with: ","))):",
            "    \"\"\"Keras's initializer of that name (\(scaling.source)), with traintui's random numbers.\"\"\"",
            isNormal
                ? "    deviation = np.sqrt(\(scaling.scale) / \(fans))"
                : "    limit = np.sqrt(\(3 * scaling.scale) / \(fans))",
            isNormal
                ? "    return lambda shape, dtype: tf.constant(truncated_normal(tensor, shape) * deviation, dtype)"
                : "    return lambda shape, dtype: tf.constant((2 * uniform(tensor, shape) - 1) * limit, dtype)",
        ]
    }

    /// What makes a tensor's first values, in Python; nil where Keras's default does.
    func initializer(_ initializer: any Initializer, tensor: Int, fanIn: Int, fanOut: Int) -> String? {
        let name = type(of: initializer).name
        guard let scaling = Self.scalings.first(where: { $0.name == name }) else {
            // Of the tensors, only biases start at zero by default.
            return name == "zeros" && tensor % 2 == 1 ? nil : quoted(name)
        }
        let fans = "fan_in=\(fanIn)" + (scaling.fans.contains("fan_out") ? ", fan_out=\(fanOut)" : "")
        return "\(name)(tensor=\(tensor), \(fans))"
    }

    static let weightsReader = [
        "def read_weights(path):",
        "    \"\"\"The tensors of a safetensors file, by name.\"\"\"",
        "    with open(path, \"rb\") as file:",
        "        header = json.loads(file.read(int.from_bytes(file.read(8), \"little\")))",
        "        values = file.read()",
        "    header.pop(\"__metadata__\", None)",
        "    return {",
        "        name: np.frombuffer(values[slice(*tensor[\"data_offsets\"])], \"<f4\").reshape(tensor[\"shape\"])",
        "        for name, tensor in header.items()",
        "    }",
    ]
}
