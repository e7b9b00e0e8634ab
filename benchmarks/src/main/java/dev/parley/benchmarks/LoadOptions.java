package dev.parley.benchmarks;

import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.benchmarks.client.VoiceSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a load consists of; the options that {@link Load} and {@link Soak} share. */
public final class LoadOptions {
  private static final int PACKETS_PER_SECOND = 50;
  private static final int CONTINUOUS_MS = 20;
  private static final int LISTENING_ONLY_MS = 0;
  private static final int CHURN_PER_MINUTE_MAX = 6_000;

  /** What is loaded. */
  public enum Server {
    /** Parley, through its session service. */
    PARLEY,
    /** The room that a Janus's AudioBridge has by its configuration: all hear its mix. */
    AUDIOBRIDGE,
    /** The mountpoint of a Janus's Streaming plugin: all listen to one talker by plain RTP. */
    STREAMING
  }

  @Option(
      names = "--server",
      paramLabel = "KIND",
      defaultValue = "PARLEY",
      description =
          "What stands at the URL: ${COMPLETION-CANDIDATES}; the latter two are Janus's plugins, set up as in "
              + "system-tests/janus (default: ${DEFAULT-VALUE}).")
  public Server server = Server.PARLEY;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:7880",
      description =
          "The session service, or Janus's HTTP interface, such as http://192.0.2.1:8088/janus "
              + "(default: ${DEFAULT-VALUE}).")
  public URI url = URI.create("http://127.0.0.1:7880");

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "A server key, to make the conferences with; otherwise open rooms, of which there is a quota.")
  public @Nullable Path keyFile;

  @Option(
      names = "--participants",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many join (default: ${DEFAULT-VALUE}).")
  public int participants = 20;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "1",
      description = "Conferences they spread over (default: ${DEFAULT-VALUE}).")
  public int rooms = 1;

  @Option(
      names = "--talkers",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "How many of each room speak; the others send a quiet room (default: ${DEFAULT-VALUE}).")
  public int talkers = 4;

  @Option(
      names = "--mixed",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How many of each room hear a mix; the others get forwarded packets (default: ${DEFAULT-VALUE}).")
  public int mixed = 5;

  @Option(
      names = "--slots",
      paramLabel = "K",
      defaultValue = "3",
      description =
          "Receiving lines of those who get forwarded packets (default: ${DEFAULT-VALUE}).")
  public int slots = 3;

  @Option(
      names = "--quiet-interval",
      paramLabel = "MS",
      defaultValue = "20",
      description =
          "Time between packets of those who do not talk; with discontinuous transmission 400, 0 sends "
              + "none (default: ${DEFAULT-VALUE}).")
  public int quietIntervalMs = 20;

  @Option(
      names = "--talk-spurts",
      description =
          "Who talks alternates speech of 1.2 s and silence of 1.8 s, on average; in silence it sends as "
              + "--quiet-interval says. Otherwise all talkers talk all the time.")
  public boolean talkSpurts;

  @Mixin public ImpairmentOptions impairment = new ImpairmentOptions();

  @Option(
      names = "--churn",
      paramLabel = "PER_MINUTE",
      defaultValue = "0",
      description =
          "How many leave in a minute, each with another joining in its place (default: ${DEFAULT-VALUE}).")
  public double churnPerMinute = 0;

  @Option(
      names = "--join-seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "Time over which they join (default: ${DEFAULT-VALUE}).")
  public double joinSeconds = 5;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seconds after the joins that are not measured (default: ${DEFAULT-VALUE}).")
  public int warmUpSeconds = 0;

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that send and receive (default: ${DEFAULT-VALUE}).")
  public int loops = 1;

  @Option(
      names = "--punctual",
      description =
          "Send to the microsecond: each thread uses a processor up, and what is due in one"
              + " millisecond does not leave in one burst.")
  public boolean isPunctual;

  @Option(
      names = "--interval",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds between lines of figures (default: ${DEFAULT-VALUE}).")
  public int intervalSeconds = 10;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of voices, SSRCs and times (default: ${DEFAULT-VALUE}).")
  public long seed = 1;

  @Option(
      names = "--pid",
      paramLabel = "NAME=PID",
      description =
          "A server whose memory and processor time are watched. May be given several times.")
  public Map<String, Long> pids = new LinkedHashMap<>();

  @Option(
      names = "--metrics",
      paramLabel = "NAME=URL",
      description = "A server's /metrics, for its heap. May be given several times.")
  public Map<String, URI> metrics = new LinkedHashMap<>();

  @Option(names = "--quick", description = "A reduced run that ends within 90 seconds.")
  boolean quick;

  @Option(
      names = "--json",
      description = "Print one JSON object at the end, and the figures to standard error.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;

  /** Told of packets; for programs that measure more than a load's figures. */
  public PacketWatch watch = PacketWatch.NONE;

  /** What all talkers say; null for generated speech. */
  public @Nullable VoiceSource voice;

  /**
   * The place of a client: those who join later take the places of those who left, with numbers of
   * their own.
   */
  int place(int number) {
    return number % participants;
  }

  /** Refuses what cannot be run, in words for who typed it. */
  void check() {
    if (participants < 1 || rooms < 1) {
      throw new IllegalArgumentException("--participants and --rooms must be 1 or more");
    }
    if (!(churnPerMinute >= 0 && churnPerMinute <= CHURN_PER_MINUTE_MAX)) {
      throw new IllegalArgumentException("--churn must be 0 to " + CHURN_PER_MINUTE_MAX);
    }
    if (churnPerMinute > 0 && server != Server.PARLEY) {
      throw new IllegalArgumentException("--churn needs --server parley");
    }
    impairment.network(seed);
  }

  /** Whether it may be that nobody sends for a whole interval. */
  boolean mayBeSilent() {
    return talkSpurts && quietIntervalMs == LISTENING_ONLY_MS;
  }

  /** Whether the participant in this seat of its room speaks. */
  boolean talks(int seat) {
    // A mountpoint's talker is none of the participants.
    return server != Server.STREAMING && seat < talkers;
  }

  boolean isMixed(int seat) {
    return server == Server.AUDIOBRIDGE || (server == Server.PARLEY && seat < mixed);
  }

  /** Receiving lines of the participant in this seat. */
  int lines(int seat) {
    return isMixed(seat) || server == Server.STREAMING ? 1 : slots;
  }

  int packetIntervalMs(int seat) {
    if (server == Server.STREAMING) {
      return LISTENING_ONLY_MS;
    }
    return talks(seat) ? CONTINUOUS_MS : quietIntervalMs;
  }

  /**
   * Whether {@link #expectedPerSecond} can be told: with discontinuous transmission nobody knows
   * what is due.
   */
  boolean isContinuous() {
    return server == Server.STREAMING
        || quietIntervalMs == CONTINUOUS_MS
        || (quietIntervalMs == LISTENING_ONLY_MS && !talkSpurts);
  }

  /**
   * Packets a second that all clients together ought to receive: every slot is always somebody's,
   * if enough of them send.
   */
  long expectedPerSecond() {
    long expected = 0;
    for (int i = 0; i < participants; i++) {
      expected += PACKETS_PER_SECOND * (long) Math.min(lines(i / rooms), heardBy(i));
    }
    return expected;
  }

  /** How many others send to this participant. */
  int heardBy(int participant) {
    if (server == Server.STREAMING) {
      return 1;
    }
    int others = (participants - participant % rooms - 1) / rooms;
    if (quietIntervalMs == LISTENING_ONLY_MS) {
      return Math.min(talkers, others + 1) - (talks(participant / rooms) ? 1 : 0);
    }
    return others;
  }

  /** The largest room's participants. */
  int roomSize() {
    return (participants + rooms - 1) / rooms;
  }

  Duration interval() {
    return Duration.ofSeconds(Math.max(1, intervalSeconds));
  }

  Duration joinTime() {
    return Duration.ofMillis((long) (joinSeconds * 1_000));
  }
}
