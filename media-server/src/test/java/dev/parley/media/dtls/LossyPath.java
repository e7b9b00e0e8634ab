package dev.parley.media.dtls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One direction between two sessions in one process: loses, repeats and swaps datagrams by a seed.
 * Owner: the sending session's thread, which so is the one thread that offers to the receiving
 * session.
 */
final class LossyPath implements DatagramOutput {
  private static final long WAIT_SECONDS = 20;

  private final CompletableFuture<DtlsSession> receiver = new CompletableFuture<>();
  private final List<byte[]> sent = new ArrayList<>();
  private final Random random;
  private final double lossProbability;
  private final double repeatProbability;
  private final double swapProbability;
  private byte[] held = {};

  private LossyPath(
      long seed, double lossProbability, double repeatProbability, double swapProbability) {
    this.random = new Random(seed);
    this.lossProbability = lossProbability;
    this.repeatProbability = repeatProbability;
    this.swapProbability = swapProbability;
  }

  static LossyPath perfect() {
    return new LossyPath(0, 0, 0, 0);
  }

  static LossyPath lossy(long seed) {
    return new LossyPath(seed, 0.2, 0.2, 0.2);
  }

  void leadTo(DtlsSession session) {
    receiver.complete(session);
  }

  /** Datagrams sent so far, lost ones too. Read it after the handshake. */
  List<byte[]> sent() {
    return sent;
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    byte[] datagram = Arrays.copyOfRange(buffer, offset, offset + length);
    sent.add(datagram);
    if (random.nextDouble() < lossProbability) {
      return;
    }
    if (random.nextDouble() < swapProbability) {
      release();
      held = datagram;
      return;
    }
    deliver(datagram);
    if (random.nextDouble() < repeatProbability) {
      deliver(datagram);
    }
    release();
  }

  private void release() {
    if (held.length > 0) {
      deliver(held);
      held = new byte[0];
    }
  }

  private void deliver(byte[] datagram) {
    try {
      receiver
          .get(WAIT_SECONDS, TimeUnit.SECONDS)
          .offer(datagram, 0, datagram.length, System.nanoTime());
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
