package dev.parley.media.dtls;

import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * What all handshakes of a process share: the places, the right to compute, and the clock they wait
 * by.
 *
 * @param places handshakes that may be under way
 * @param processors sessions that may compute at once; fair, so that a storm is served in its order
 * @param clockNs monotonic
 */
record HandshakeGate(Semaphore places, Semaphore processors, LongSupplier clockNs) {
  static HandshakeGate of(DtlsLimits limits, LongSupplier clockNs) {
    return new HandshakeGate(
        new Semaphore(limits.handshakesMax()), new Semaphore(limits.computingMax(), true), clockNs);
  }
}
