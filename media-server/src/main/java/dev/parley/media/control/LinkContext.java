package dev.parley.media.control;

import dev.parley.common.control.ControlCodec;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What the control link is built on; a test replaces each part.
 *
 * @param workers runs what may block, such as commands: a virtual thread each
 * @param random spreads the attempts of servers that lost a node together
 */
record LinkContext(
    LinkLoop loop,
    Dialer dialer,
    Executor workers,
    RandomGenerator random,
    ControlCodec codec,
    LinkCounters counters) {}
