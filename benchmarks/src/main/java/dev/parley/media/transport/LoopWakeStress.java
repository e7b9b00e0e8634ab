package dev.parley.media.transport;

import dev.parley.media.packet.MediaRing;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * What a mix agent writes to its outbound ring, or anybody to the proxy, before it wakes an event
 * loop is seen by a drain of that loop: either the one that was already asked for, or the one the
 * wake-up asks for.
 *
 * <p>{@link MediaEventLoop} has sockets and a thread of Netty's, so {@link #wake} and {@link
 * #drain} are its two methods word for word, and a queue of tasks stands for Netty's, which runs
 * each task once, in order. Ring and proxy are the real ones. The loop has been woken for an
 * earlier message and is about to drain.
 */
@JCStressTest
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "Both messages and the command were seen.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something waits, and nobody will wake the loop for it.")
@State
public class LoopWakeStress {
  private static final int CAPACITY = 1 << 10;
  private static final int MESSAGE_TYPE = 1;
  private static final int MESSAGE_LENGTH = 8;
  private static final int COMMANDS_PER_CYCLE_MAX = 32;

  private final RingBuffer outbound = MediaRing.ofCapacity(CAPACITY);
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final Runnable drain = this::drain;
  private final EventLoopProxy proxy = new EventLoopProxy(this::wake);
  private int messages;
  private int commands;

  /** A loop that has been woken for one message, and has yet to look. */
  public LoopWakeStress() {
    write();
    wake();
  }

  /** The event loop: runs what Netty has for it. */
  @Actor
  public void loop() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** The mix agent, and a command right behind its message. */
  @Actor
  public void agent() {
    write();
    wake();
    proxy.removePeer(1);
  }

  /** The event loop again, if it was asked to. */
  @Arbiter
  public void later(II_Result result) {
    loop();
    result.r1 = messages;
    result.r2 = commands;
  }

  private void write() {
    int index = outbound.tryClaim(MESSAGE_TYPE, MESSAGE_LENGTH);
    outbound.commit(index);
  }

  // As in MediaEventLoop.

  private void wake() {
    VarHandle.fullFence();
    if (isWoken.compareAndSet(false, true)) {
      tasks.add(drain);
    }
  }

  private void drain() {
    isWoken.set(false);
    proxy.drain(command -> commands++, COMMANDS_PER_CYCLE_MAX);
    boolean hasMore = proxy.hasCommands();
    messages += outbound.read((type, buffer, index, length) -> {}, 1);
    hasMore |= outbound.size() > 0;
    if (hasMore) {
      wake();
    }
  }
}
