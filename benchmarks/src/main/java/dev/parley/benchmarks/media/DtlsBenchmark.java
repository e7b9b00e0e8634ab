package dev.parley.benchmarks.media;

import static java.util.Objects.requireNonNull;

import dev.parley.media.dtls.DatagramOutput;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.srtp.SrtpKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One whole DTLS-SRTP handshake, both sides in this process, over no network: the processor time of
 * a join, twice.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DtlsBenchmark {
  private static final long WAIT_SECONDS = 10;
  private static final DtlsLimits LIMITS =
      new DtlsLimits(1, 64, Duration.ofSeconds(10), Duration.ofSeconds(5));

  private final SecureRandom random = new SecureRandom();
  private final DtlsIdentity serverIdentity = DtlsIdentity.selfSigned(Instant.EPOCH, random);
  private final DtlsIdentity clientIdentity = DtlsIdentity.selfSigned(Instant.EPOCH, random);
  private final DtlsServer server =
      new DtlsServer(serverIdentity, LIMITS, random, System::nanoTime);
  private final DtlsClient client =
      new DtlsClient(clientIdentity, LIMITS, random, System::nanoTime);

  /** Waits for its keys, and is the way to the other side. */
  private static final class End implements DtlsListener, DatagramOutput {
    final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
    final CompletableFuture<DtlsSession> other = new CompletableFuture<>();

    @Override
    public void onConnected(SrtpKeys agreed) {
      keys.complete(agreed);
    }

    @Override
    public void onFailed(DtlsFailure reason) {
      keys.completeExceptionally(new IllegalStateException(reason.name()));
    }

    @Override
    public void onClosed() {
      // The one who closed first is answered by nobody.
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
      other.join().offer(buffer, offset, length, System.nanoTime());
    }
  }

  @Benchmark
  public SrtpKeys handshake() throws Exception {
    End serverEnd = new End();
    End clientEnd = new End();
    DtlsSession accepted =
        requireNonNull(server.accept(client.fingerprint(), serverEnd, serverEnd));
    clientEnd.other.complete(accepted);
    DtlsSession connected =
        requireNonNull(client.connect(server.fingerprint(), clientEnd, clientEnd));
    serverEnd.other.complete(connected);
    SrtpKeys keys = serverEnd.keys.get(WAIT_SECONDS, TimeUnit.SECONDS);
    clientEnd.keys.get(WAIT_SECONDS, TimeUnit.SECONDS);
    connected.close();
    accepted.close();
    return keys;
  }
}
