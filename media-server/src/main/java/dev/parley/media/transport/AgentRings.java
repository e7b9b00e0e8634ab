package dev.parley.media.transport;

import static java.util.Objects.requireNonNull;

import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Where one event loop and one mix agent meet. Immutable.
 *
 * @param inbound from the loop to the agent
 * @param outbound from the agent to the loop
 * @param wake tells the agent that its ring has something, once for all that a read cycle brought,
 *     and says whether that is urgent
 */
public record AgentRings(RingBuffer inbound, RingBuffer outbound, Wake wake) {
  public AgentRings {
    requireNonNull(inbound, "inbound");
    requireNonNull(outbound, "outbound");
    requireNonNull(wake, "wake");
  }

  /** Tells an agent of packets. */
  @FunctionalInterface
  public interface Wake {
    /**
     * Wakes it if it must see them now.
     *
     * @param isFilling true if the ring fills: then it must, whatever they are
     */
    void wake(boolean isFilling);

    /**
     * True while packets must be handled as they come, because somebody is forwarded them; false if
     * they may wait for the next tick. An agent that does not say is prompt.
     */
    default boolean isPrompt() {
      return true;
    }
  }
}
