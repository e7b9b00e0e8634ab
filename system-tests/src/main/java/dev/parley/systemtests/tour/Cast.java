package dev.parley.systemtests.tour;

import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Makes the people's WebRTC clients, each of whom talks in a tone of its own. One thread. */
final class Cast implements AutoCloseable {
  /** A tone at -20 dBov is heard at about that; in its absence there is nothing at all. */
  private static final double HEARD_DBOV = -40;

  private static final double LEVEL_DBOV = -20;
  private static final long SEED = 11;
  private static final long PATIENCE_SEC = 30;
  private static final long PACKETS = 10;
  private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long LOOK_EACH_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ClientLoop loop = new ClientLoop("tour", false);
  private final DtlsClient dtls;
  private int clients;

  Cast() throws IOException {
    SecureRandom random = new SecureRandom();
    dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(1),
            random,
            System::nanoTime);
  }

  /**
   * A client that has not joined yet.
   *
   * @param toneHz what it sends, or null to only listen
   * @param lines how many speakers it can get at a time
   */
  WebRtcClient client(@Nullable Integer toneHz, int lines) {
    int number = clients++;
    ClientSettings settings =
        new ClientSettings(
            number,
            lines,
            toneHz == null ? VoiceSource.quietRoom(SEED) : VoiceSource.tone(toneHz, LEVEL_DBOV),
            toneHz == null ? 0 : 20,
            true,
            true);
    return new WebRtcClient(settings, loop, dtls, SEED + number);
  }

  /** Connects a client by a server's answer; returns how long that took. */
  static long connect(WebRtcClient client, String answer) {
    long startNs = System.nanoTime();
    client.start(RemoteDescription.parse(answer));
    try {
      client.connected().get(PATIENCE_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TourException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TourException("no media: " + e, e);
    }
    return System.nanoTime() - startNs;
  }

  /** Waits until a tone is there, or gone, in the last second heard; returns how long that took. */
  static long await(WebRtcClient client, int toneHz, boolean isHeard) {
    long startNs = System.nanoTime();
    while (client.toneDbov(toneHz).join() > HEARD_DBOV != isHeard) {
      if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(PATIENCE_SEC)) {
        throw new TourException(toneHz + " Hz is " + (isHeard ? "not heard" : "still heard"));
      }
      LockSupport.parkNanos(LOOK_EACH_NS);
    }
    return System.nanoTime() - startNs;
  }

  /** Waits until nothing comes to a client any more; returns how long that took, and it lasted. */
  static long awaitQuiet(WebRtcClient client) {
    long startNs = System.nanoTime();
    long lastNs = startNs;
    long received = client.counts().join().received();
    while (System.nanoTime() - lastNs < QUIET_NS) {
      if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(PATIENCE_SEC)) {
        throw new TourException("packets still come");
      }
      LockSupport.parkNanos(LOOK_EACH_NS);
      long now = client.counts().join().received();
      if (now != received) {
        received = now;
        lastNs = System.nanoTime();
      }
    }
    return System.nanoTime() - startNs;
  }

  /** Waits until packets come to a client. */
  static void awaitPackets(WebRtcClient client) {
    long startNs = System.nanoTime();
    long received = client.counts().join().received();
    while (client.counts().join().received() < received + PACKETS) {
      if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(PATIENCE_SEC)) {
        throw new TourException("no packets come");
      }
      LockSupport.parkNanos(LOOK_EACH_NS);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
