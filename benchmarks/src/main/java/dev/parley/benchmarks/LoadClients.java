package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.ImpairedNetwork;
import dev.parley.benchmarks.client.TalkPattern;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Makes the clients of one run, and holds what they share: loops, voices, a bad network. Any
 * thread.
 */
final class LoadClients implements AutoCloseable {
  private static final int VOICE_SECONDS = 20;
  private static final double SPEECH_DBOV = -22;

  private final LoadOptions options;
  private final List<VoiceSource> voices;
  private final VoiceSource quiet;
  private final @Nullable ImpairedNetwork network;
  private final DtlsClient dtls;
  private final List<ClientLoop> loops = new ArrayList<>();

  LoadClients(LoadOptions options) throws IOException {
    this.options = options;
    this.voices = voices(options);
    this.quiet = VoiceSource.quietRoom(options.seed);
    this.network = options.impairment.network(options.seed);
    SecureRandom random = new SecureRandom();
    this.dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(Runtime.getRuntime().availableProcessors()),
            random,
            System::nanoTime);
    for (int i = 0; i < options.loops; i++) {
      loops.add(new ClientLoop("clients-" + i, options.isPunctual));
    }
  }

  private static List<VoiceSource> voices(LoadOptions options) {
    if (options.voice != null) {
      return List.of(options.voice);
    }
    List<VoiceSource> voices = new ArrayList<>();
    for (int i = 0; i < Math.max(1, Math.min(options.talkers, 8)); i++) {
      // A decibel apart, so that which are the loudest is not a coin toss.
      voices.add(
          options.talkSpurts
              ? VoiceSource.unbrokenSpeech(options.seed + i, VOICE_SECONDS, SPEECH_DBOV - i)
              : VoiceSource.speech(options.seed + i, VOICE_SECONDS, SPEECH_DBOV - i));
    }
    return voices;
  }

  /** What the first talker says. */
  VoiceSource firstVoice() {
    return voices.getFirst();
  }

  /** A client that has not joined yet; which place it takes, its number tells. */
  WebRtcClient make(int number) {
    int seat = options.place(number) / options.rooms;
    long clientSeed = options.seed * 1_000_003 + number;
    boolean talks = options.talks(seat);
    ClientSettings settings =
        new ClientSettings(
            number,
            options.lines(seat),
            talks ? voices.get(seat % voices.size()) : quiet,
            options.packetIntervalMs(seat),
            false,
            isLoopback(),
            talks && options.talkSpurts
                ? new TalkPattern(quiet, options.quietIntervalMs, clientSeed)
                : null,
            network,
            options.impairment.nack,
            options.watch);
    return new WebRtcClient(settings, loops.get(number % loops.size()), dtls, clientSeed);
  }

  private boolean isLoopback() {
    String host = options.url.getHost();
    return host.equals("localhost") || host.equals("127.0.0.1");
  }

  /** How late the loops were, in microseconds. */
  Histogram lateUs() {
    Histogram sum = new Histogram(TimeUnit.SECONDS.toMicros(10), 3);
    for (ClientLoop loop : loops) {
      sum.add(loop.lateUs());
    }
    return sum;
  }

  /** Ends the loops, and with them what is left of the clients. */
  @Override
  public void close() {
    for (ClientLoop loop : loops) {
      loop.close();
    }
  }
}
