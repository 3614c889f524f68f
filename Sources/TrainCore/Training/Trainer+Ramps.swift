import Wording

extension Trainer {
    /// Lets a number move step by step from the next step on. It takes the place of a ramp that the number is on;
    /// ``set(_:to:)`` ends it, and so does the change to an optimizer that has no such number.
    ///
    /// The ramps under way are ``TrainingSettings/ramps``, and part of ``state``. A ramp may be entered midway: its
    /// `start` is then a step of the past. One that is over already does nothing.
    ///
    /// - Throws: ``TrainingError`` where there is no such number, it cannot move, or it may not have the ramp's values.
    public func begin(_ ramp: Ramp) throws(TrainingError) {
        precondition(
            ramp.start <= position.step, "a ramp that begins after step \(ramp.start), at step \(position.step)")
        guard let setting = setting(named: ramp.name) else {
            throw TrainingError("there is no hyperparameter '\(ramp.name)'")
        }
        guard place(of: ramp.name) != nil else {
            throw TrainingError("\(ramp.name) cannot be changed step by step")
        }
        if ramp.steps < 1 { throw TrainingError("the number of steps must be at least 1") }
        for value in [ramp.from, ramp.to] {
            if let objection = setting.range.objection(to: value) { throw TrainingError("\(ramp.name) \(objection)") }
        }
        if ramp.name == "batch_size" { try checkRoom(rows: max(ramp.from, ramp.to)) }
        live.pointee.settings.ramps.removeAll { $0.name == ramp.name }
        if ramp.end > position.step { live.pointee.settings.ramps.append(ramp) }
        followRamps()
    }

    /// Leaves a number where it is, if it is on a ramp.
    public func endRamp(_ name: String) {
        guard settings.ramps.contains(where: { $0.name == name }) else { return }
        live.pointee.settings.ramps.removeAll { $0.name == name }
        followRamps()
    }

    /// Finds the numbers that the settings' ramps move; a ramp that has none ends.
    func followRamps() {
        var movers: [RampMover] = []
        for ramp in settings.ramps {
            guard let place = place(of: ramp.name), let setting = setting(named: ramp.name) else { continue }
            movers.append(RampMover(ramp, of: setting, at: place))
        }
        live.pointee.follow(movers)
        makeRoom()
    }
}

extension Trainer.Live {
    /// Whether the next step moves a number.
    var isMoving: Bool { !movers.isEmpty }

    /// Takes these to be the ramps under way.
    mutating func follow(_ movers: [RampMover]) {
        self.movers = movers
        if settings.ramps.count != movers.count { settings.ramps = movers.map(\.ramp) }
        firstRampEnd = movers.map(\.ramp.end).min() ?? .max
    }

    /// Gives each number on a ramp its value for a step. A ramp to a value that its number may not have ends.
    @inline(never)
    mutating func moveNumbers(to step: Int) {
        var refused: [Int] = []
        for index in movers.indices where !movers[index].move(to: step, in: &settings) { refused.append(index) }
        if !refused.isEmpty { follow(movers.indices.filter { !refused.contains($0) }.map { movers[$0] }) }
    }

    /// Takes the moves to a step back, which was not taken.
    mutating func moveNumbersBack(from step: Int) {
        for mover in movers { mover.moveBack(from: step, in: &settings) }
    }

    /// Forgets the ramps that a step was the last of.
    @inline(__always)
    mutating func endRamps(at step: Int) {
        if firstRampEnd <= step { follow(movers.filter { $0.ramp.end > step }) }
    }
}
