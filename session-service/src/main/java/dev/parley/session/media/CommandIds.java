package dev.parley.session.media;

import dev.parley.common.id.CommandId;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Draws ids of commands that no other node draws. Thread-safe. */
final class CommandIds {
  private static final int BYTES = 16;

  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  CommandIds(RandomGenerator random) {
    this.random = random;
  }

  CommandId next() {
    byte[] bytes = new byte[BYTES];
    lock.lock();
    try {
      random.nextBytes(bytes);
    } finally {
      lock.unlock();
    }
    return new CommandId("cmd_" + HexFormat.of().formatHex(bytes));
  }
}
