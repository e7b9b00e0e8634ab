package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.SessionApi;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.benchmarks.delay.LastHeard;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long one whom a moderator mutes is still heard, in a process of its own: {@code MuteLoad API
 * ADMIN CALLS ROUNDS}. In each call one talks, one gets the talker's own packets and one a mix. A
 * sample begins when the moderator's request is sent and ends with the last packet's 20 ms of sound
 * at that listener. The talker unmutes, is heard again, and is muted again some time later. Prints
 * the figures as one line of JSON.
 */
final class MuteLoad {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a call: the first talks, the second hears by forwarding, the third a mix. */
  private static final int PEOPLE = 3;

  /** Each call's first rounds are not measured. */
  private static final int WARM_UP = 2;

  private static final long PACKET_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOOK_EACH_NS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long CONNECTED_SEC = 20;
  private static final int HEARD_AGAIN = 10;
  private static final long SEED = 4;

  private final URI api;
  private final String key;
  private final LastHeard heard;
  private final ClientLoop loop = new ClientLoop("mute", false);
  private final VoiceSource voice = VoiceSource.tone(440, -20);
  private final DtlsClient dtls;
  private final ConcurrentHistogram forwardedUs = histogram();
  private final ConcurrentHistogram mixedUs = histogram();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  private MuteLoad(URI api, String key, int calls) throws IOException {
    this.api = api;
    this.key = key;
    heard = new LastHeard(numbers(calls, 1), numbers(calls, 2));
    SecureRandom random = new SecureRandom();
    dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(1),
            random,
            System::nanoTime);
  }

  public static void main(String[] arguments) throws Exception {
    URI api = URI.create(arguments[0]);
    int calls = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    String key;
    try (HttpWire admin = new HttpWire(URI.create(arguments[1]))) {
      String wish = "{\"tenant\":\"mute\",\"scopes\":[\"conferences\",\"moderation\"]}";
      HttpWire.Reply made = admin.send(HttpWire.Request.post("/admin/keys", "", wish));
      key = JSON.readTree(made.body()).path("key").asText();
    }
    MuteLoad load = new MuteLoad(api, key, calls);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int call = 0; call < calls; call++) {
        int number = call;
        threads.execute(() -> load.call(number, rounds));
      }
    }
    load.loop.close();
    load.heard.close();
    ObjectNode line = JSON.createObjectNode();
    figures(line, "forwarded", load.forwardedUs);
    figures(line, "mixed", load.mixedUs);
    ObjectNode failed = line.putObject("failures");
    load.failures.forEach((why, times) -> failed.put(why, times.sum()));
    System.out.println(JSON.writeValueAsString(line));
    System.exit(0);
  }

  private static void figures(ObjectNode line, String name, ConcurrentHistogram us) {
    line.put(name + "Count", us.getTotalCount());
    line.put(name + "P50", us.getValueAtPercentile(50) / 1e3);
    line.put(name + "P99", us.getTotalCount() == 0 ? null : us.getValueAtPercentile(99) / 1e3);
    line.put(name + "Max", us.getMaxValue() / 1e3);
  }

  private void call(int number, int rounds) {
    try (HttpWire wire = new HttpWire(api);
        SessionApi people = new SessionApi(api)) {
      String conference = people.create(key, PEOPLE);
      SessionApi.Stay talker = join(people, conference, PEOPLE * number);
      join(people, conference, PEOPLE * number + 1);
      join(people, conference, PEOPLE * number + 2);
      String path = "/v1/conferences/" + conference + "/participants/" + talker.participantId();
      Random random = new Random(SEED + number);
      for (int round = 0; round < WARM_UP + rounds; round++) {
        awaitHeard(number);
        // Packets leave each 20 ms: requests must not keep time with them.
        LockSupport.parkNanos(random.nextLong(2 * PACKET_NS));
        mute(wire, path, number, round >= WARM_UP);
        patch(wire, path, talker.ticket().token(), false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted");
    } catch (Exception e) {
      fail(e.toString());
    }
  }

  private void mute(HttpWire wire, String path, int call, boolean isMeasured) throws IOException {
    int forwarded = PEOPLE * call + 1;
    int mixed = PEOPLE * call + 2;
    long sentNs = heard.nowNs();
    patch(wire, path, key, true);
    await(
        "still heard",
        () -> {
          long lastNs = Math.max(heard.by(forwarded).lastNs(), heard.by(mixed).lastNs());
          return heard.nowNs() - Math.max(lastNs, sentNs) > QUIET_NS;
        });
    if (isMeasured) {
      sample(forwardedUs, heard.by(forwarded).lastNs() - sentNs);
      sample(mixedUs, heard.by(mixed).lastNs() - sentNs);
    }
  }

  private void sample(ConcurrentHistogram us, long lastedNs) {
    if (lastedNs <= 0) {
      // The mute can have had no effect on one who was not heard: that is no measurement.
      fail("not heard when muted");
    } else {
      us.recordValue(Math.min((lastedNs + PACKET_NS) / 1_000, us.getHighestTrackableValue()));
    }
  }

  private void awaitHeard(int call) throws IOException {
    long forwarded = heard.by(PEOPLE * call + 1).packets();
    long mixed = heard.by(PEOPLE * call + 2).packets();
    await(
        "not heard",
        () ->
            heard.by(PEOPLE * call + 1).packets() > forwarded + HEARD_AGAIN
                && heard.by(PEOPLE * call + 2).packets() > mixed + HEARD_AGAIN);
  }

  private static void await(String otherwise, BooleanSupplier is) throws IOException {
    long startNs = System.nanoTime();
    while (!is.getAsBoolean()) {
      if (System.nanoTime() - startNs > PATIENCE_NS) {
        throw new IOException(otherwise);
      }
      LockSupport.parkNanos(LOOK_EACH_NS);
    }
  }

  private static void patch(HttpWire wire, String path, String bearer, boolean isMuted)
      throws IOException {
    HttpWire.Reply reply =
        wire.send(new HttpWire.Request("PATCH", path, bearer, "{\"muted\":" + isMuted + "}"));
    if (!reply.isSuccess()) {
      throw new IOException(reply.status() + " " + reply.body());
    }
  }

  private SessionApi.Stay join(SessionApi people, String conference, int number) throws Exception {
    boolean isTalker = number % PEOPLE == 0;
    SessionApi.Listening listening =
        number % PEOPLE == 2 ? SessionApi.Listening.MIX : SessionApi.Listening.FORWARD;
    ClientSettings settings =
        new ClientSettings(
            number,
            listening == SessionApi.Listening.MIX ? 1 : PEOPLE,
            voice,
            isTalker ? (int) TimeUnit.NANOSECONDS.toMillis(PACKET_NS) : 0,
            false,
            true,
            null,
            null,
            false,
            heard);
    WebRtcClient client = new WebRtcClient(settings, loop, dtls, SEED + number);
    SessionApi.Ticket ticket = people.mint(key, conference, "person-" + number);
    SessionApi.Stay stay = people.join(ticket, client.offer(), listening);
    client.start(stay.answer());
    WebRtcClient _ = client.connected().get(CONNECTED_SEC, TimeUnit.SECONDS);
    if (!isTalker) {
      WebRtcClient _ = client.heard().get(CONNECTED_SEC, TimeUnit.SECONDS);
    }
    return stay;
  }

  private void fail(String why) {
    failures.computeIfAbsent(why, _ -> new LongAdder()).increment();
  }

  private static Set<Integer> numbers(int calls, int who) {
    return IntStream.range(0, calls)
        .mapToObj(call -> PEOPLE * call + who)
        .collect(Collectors.toSet());
  }

  private static ConcurrentHistogram histogram() {
    return new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
  }
}
