import TrainCore

extension Recipe {
    /// The built-in job as a commented job file, for a person to start from.
    package static let template = """
        # A training job. Lines that begin with # are comments; what is left out has the default named in its comment.

        seed = 42                           # names the run: the same job and seed give the same numbers, bit for bit

        [data]
        builtin = "storms"                  # Atlantic storms 1975-2022; for a file of your own: path = "table.csv"
        target = "wind"                     # the column to predict, or a list of columns
        # features = ["latitude", "pressure"]  # default: every numeric column that is not a target
        target_scale = 10.0                 # targets are divided by this; default 1
        standardize = true                  # features become (x - mean) / deviation of the training rows
        test_fraction = 0.25                # of all rows, held back for testing
        validation_fraction = 0.25          # of what is left, held back for validation
        missing = "error"                   # or "drop" the rows, or fill in the "mean" or the "median"
        # roles = "automatic"               # finds out what each column is: text, dates, gaps and identifiers too; and then
        # task = "classification"           # or "regression"; default: what the target looks like
        # scaling = "robust"                # of numbers; or "standard", "none"; default: what standardize says
        # pieces = 16                       # numbers are given in pieces between their quantiles too: for large tables
        # target_scaling = "standard"       # targets become (y - mean) / deviation; in place of target_scale
        # stratify = true                   # each set has its share of every class; default where there are classes
        # split = "group=patient"           # rows of one patient stay together; or "time=day": the latest rows test

        # [data.roles]                      # in place of roles = "automatic": what some columns are
        # zip = "category"                  # or "number", "date", "yes_no", "ignore"

        # [data.derive]                     # new columns: ratios of others
        # rooms_per_household = "total_rooms / households"

        [model]
        loss = "mean_squared_error"         # \(alternatives(Catalogue.losses.map { $0.name }))
        metrics = ["mean_absolute_error"]   # \(alternatives(Catalogue.metrics.map { $0.name }))

        [[model.layers]]                    # one such table for each layer, first to last
        units = 30                          # outputs of the layer
        activation = "elu"                  # \(alternatives(Catalogue.activations.map { $0.name }))
        kernel_initializer = "he_normal"    # \(alternatives(Catalogue.initializers.map { $0.name }))
        kernel_regularizer = { l2 = 0.05 }  # adds l1 * sum |w| + l2 * sum w^2 to the loss
        # bias_initializer = "zeros"        # default "zeros"
        # kernel_constraint = { max_norm = 2.0 }  # or "non_neg", "unit_norm", "max_norm"
        # dropout = 0.2                     # fraction of the outputs dropped while training

        [[model.layers]]
        units = 1                           # the last layer has a unit for each target, or for each class
        kernel_regularizer = { l2 = 0.05 }

        [optimizer]
        name = "nadam"                      # \(alternatives(Catalogue.optimizers.map { $0.name }))
        learning_rate = 0.01                # the other settings of an optimizer have Keras's names, such as beta_1
        # clipnorm = 1.0                    # or clipvalue, or global_clipnorm: cut large gradients

        # [optimizer.schedule]              # how the learning rate changes with the steps, in Keras's words; rates are
        # name = "constant"                 # absolute, and editing learning_rate scales them all; or one of these:
        #
        # name = "piecewise_constant"       # values[0] up to and including step boundaries[0], counted from 0, and so on
        # boundaries = [1000, 3000]
        # values = [0.01, 0.005, 0.001]
        #
        # name = "exponential_decay"        # initial_learning_rate * decay_rate ^ (step / decay_steps)
        # initial_learning_rate = 0.01      # default: learning_rate
        # decay_steps = 1000
        # decay_rate = 0.96
        # staircase = true                  # default false
        #
        # name = "cosine_decay"             # to warmup_target, then by half a cosine down to alpha * warmup_target
        # initial_learning_rate = 0.001     # default: learning_rate
        # decay_steps = 4000
        # alpha = 0.0
        # warmup_target = 0.01              # default: no warm-up, down from initial_learning_rate
        # warmup_steps = 500
        #
        # name = "one_cycle"                # PyTorch's OneCycleLR: up to max_lr, then down
        # max_lr = 0.01                     # default: learning_rate
        # total_steps = 5000
        # pct_start = 0.3                   # and div_factor = 25, final_div_factor = 1e4, three_phase = false

        [training]
        epochs = 5
        batch_size = 32
        sampling = "random"                 # with replacement; or "shuffle" each epoch, or "sequential"
        guard = "pause"                     # when a loss or gradient is not finite; or "rewind": back 50 steps and on
                                            # with half the learning rate, three times; or "stop"
        # refit = true                      # in the end, train again on the rows for validation too, with the same edits

        # [training.early_stopping]         # end before all epochs, in Keras's words; needs validation rows
        # patience = 10                     # epochs without a lower validation loss that are waited for
        # min_delta = 0.0                   # lower by more than this
        # start_from_epoch = 0              # epochs before anything is looked at
        # restore_best_weights = true       # what is saved and tested in the end are the weights of the best epoch

        [dashboard]
        # theme = "paper"                   # else the person's own: traintui config
        pace = 200                          # steps per second to watch by; 0 is as fast as it goes, the default
        # history_memory = 256              # megabytes for states of the past, for going back fast; without
                                            # it 256, or as many as four states of the model take

        """

    /// What stands in a comment beside a choice: the names, wrapped so that no line grows long.
    private static func alternatives(_ names: [String]) -> String {
        let indent = "#" + String(repeating: " ", count: 37)
        var lines: [String] = []
        var line = ""
        for name in names {
            if !line.isEmpty, line.count + name.count > 66 {
                lines.append(line + ",")
                line = name
            } else {
                line += line.isEmpty ? name : ", \(name)"
            }
        }
        return (lines + [line]).joined(separator: "\n\(indent)")
    }
}
