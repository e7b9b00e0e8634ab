package dev.parley.session.coordination.redis;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.event.EventLog;
import io.lettuce.core.ScriptOutputType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The event log as one stream for each conference, and a channel beside it that brings what is
 * appended to the nodes that follow. The channel may lose messages; whoever sees by the numbers
 * that it did reads the stream. Each node has one follower of a conference at most. Thread-safe.
 */
final class RedisEventLog implements EventLog, RedisLink.Listener {
  private static final int LENGTH = 2000;
  private static final Duration KEEP = Duration.ofHours(1);
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** A follower that missed more is told that it missed something. */
  private static final int CATCH_UP_MAX = 512;

  /** What kinds of messages there are, as the scripts write them. */
  private static final char EVENT = 'e';

  private static final char LAST = 'l';
  private static final char BROADCAST = 'b';

  private static final char BEGUN_ANEW = 'n';

  /** If Redis misses events of more conferences, their watchers elsewhere hear of the next one. */
  private static final int INCOMPLETE_MAX = 100_000;

  private static final int REPLY_HEADER_LENGTH = 3;
  private static final int REPLY_ENTRY_LENGTH = 3;

  private final RedisLink link;
  private final PayloadSeal seal;
  private final Clock clock;
  private final RandomGenerator random;
  private final Map<String, FollowedLog> followed = new ConcurrentHashMap<>();

  /** Logs that lack an event of this node: to other nodes they look whole. */
  private final Set<ConferenceId> incomplete = ConcurrentHashMap.newKeySet();

  /** Opens its link, of which others may make use, too. */
  RedisEventLog(RedisLinks links, PayloadSeal seal, Clock clock, RandomGenerator random) {
    this.seal = seal;
    this.clock = clock;
    this.random = random;
    this.link = links.open(this);
    link.every(BEAT, this::beat);
  }

  /** Opens the link of which this log hears. */
  interface RedisLinks {
    RedisLink open(RedisLink.Listener listener);
  }

  RedisLink link() {
    return link;
  }

  @Override
  public void append(ConferenceId conference, String event, boolean isLast) {
    String channel = channel(conference);
    CompletableFuture<Long> appended =
        link.eval(
            Script.APPEND,
            ScriptOutputType.INTEGER,
            new String[] {key(conference)},
            channel,
            String.valueOf(isLast ? LAST : EVENT),
            seal.seal(conference.value(), event),
            randomPart(),
            Long.toString(KEEP.toMillis()),
            Integer.toString(LENGTH));
    var _ =
        appended.whenComplete((_, failure) -> {
          if (failure != null) {
            onNotAppended(conference, event, isLast);
          }
        });
  }

  private void onNotAppended(ConferenceId conference, String event, boolean isLast) {
    if (incomplete.size() < INCOMPLETE_MAX) {
      incomplete.add(conference);
    }
    FollowedLog here = followed.get(channel(conference));
    if (here != null) {
      here.onNotAppended(event, isLast);
    }
  }

  @Override
  public void broadcast(ConferenceId conference, String text) {
    String channel = channel(conference);
    String message = BROADCAST + seal.seal(conference.value(), text);
    var _ =
        link.send(commands -> commands.publish(channel, message))
            .whenComplete((_, failure) -> {
              FollowedLog here = followed.get(channel);
              if (failure != null && here != null) {
                here.onBroadcast(text);
              }
            });
  }

  /** As if an event were missing in it: then it is begun anew, at the next beat at the latest. */
  @Override
  public void forget(ConferenceId conference) {
    incomplete.add(conference);
    if (!link.isAway()) {
      beginAnew(conference);
    }
  }

  @Override
  public Following follow(ConferenceId conference, Follower follower) {
    String channel = channel(conference);
    FollowedLog log =
        new FollowedLog(
            follower,
            after -> read(conference, after, CATCH_UP_MAX),
            this::numberApart,
            link.counters());
    followed.put(channel, log);
    subscribe(channel, log);
    return () -> {
      if (followed.remove(channel, log)) {
        link.unsubscribe(channel);
      }
    };
  }

  @Override
  public Replay after(ConferenceId conference, long seq, int countMax) {
    try {
      return link.await(read(conference, seq, countMax)).replay();
    } catch (RedisAwayException _) {
      return Replay.UNKNOWN;
    }
  }

  @Override
  public void onSubscribed(String channel) {
    FollowedLog log = followed.get(channel);
    if (log != null) {
      log.onSubscribed();
    }
  }

  @Override
  public void onMessage(String channel, String message) {
    FollowedLog log = followed.get(channel);
    if (log == null || message.isEmpty()) {
      return;
    }
    String conference = channel.substring(channel.indexOf('{') + 1, channel.length() - 1);
    char kind = message.charAt(0);
    if (kind == BROADCAST) {
      String text = open(conference, message.substring(1));
      if (text != null) {
        log.onBroadcast(text);
      }
      return;
    }
    if (kind == BEGUN_ANEW) {
      log.onSubscribed();
      return;
    }
    int space = message.indexOf(' ');
    String event = open(conference, message.substring(space + 1));
    if (event != null) {
      log.onPublished(new Entry(Long.parseLong(message, 1, space, 10), event, kind == LAST));
    }
  }

  /** Tries again what did not work, and tells those who can hear nothing. */
  private void beat() {
    boolean isAway = link.isAway();
    if (!isAway) {
      incomplete.forEach(this::beginAnew);
    }
    followed.forEach((channel, log) -> {
      if (isAway) {
        log.onOutOfReach();
      } else if (log.isSubscribed()) {
        log.beat();
      } else {
        subscribe(channel, log);
      }
    });
  }

  /** Drops a log that lacks an event, so that whoever follows it reads the roster. */
  private void beginAnew(ConferenceId conference) {
    // Removed before it is done: an event that fails meanwhile adds it again.
    if (!incomplete.remove(conference)) {
      return;
    }
    String message = String.valueOf(BEGUN_ANEW);
    var _ =
        CompletableFuture.allOf(
                link.send(commands -> commands.del(key(conference))),
                link.send(commands -> commands.publish(channel(conference), message)))
            .whenComplete((_, failure) -> {
              if (failure != null) {
                incomplete.add(conference);
              }
            });
  }

  private void subscribe(String channel, FollowedLog log) {
    var _ =
        link.subscribe(channel)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                log.onOutOfReach();
              }
            });
  }

  private CompletableFuture<FollowedLog.Reading> read(
      ConferenceId conference, long after, int countMax) {
    if (!link.isAway()) {
      // Before it is read, or its followers would be told twice.
      beginAnew(conference);
    }
    CompletableFuture<List<Object>> reply =
        link.eval(
            Script.REPLAY,
            ScriptOutputType.MULTI,
            new String[] {key(conference)},
            Long.toString(after),
            Integer.toString(countMax),
            randomPart(),
            Long.toString(KEEP.toMillis()));
    return reply.thenApply(values -> reading(conference, values));
  }

  private FollowedLog.Reading reading(ConferenceId conference, List<Object> reply) {
    long seq = (Long) reply.get(0);
    boolean isKnown = (Long) reply.get(1) == 1;
    boolean hasEnded = (Long) reply.get(2) == 1;
    if (!isKnown) {
      return new FollowedLog.Reading(seq, Replay.UNKNOWN);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = REPLY_HEADER_LENGTH; i < reply.size(); i += REPLY_ENTRY_LENGTH) {
      String event = open(conference.value(), (String) reply.get(i + 2));
      if (event == null) {
        return new FollowedLog.Reading(seq, Replay.UNKNOWN);
      }
      boolean isLast = ((String) reply.get(i + 1)).charAt(0) == LAST;
      entries.add(new Entry((Long) reply.get(i), event, isLast));
    }
    return new FollowedLog.Reading(seq, new Replay(true, hasEnded, entries));
  }

  private @Nullable String open(String conference, String sealed) {
    String text = seal.open(conference, sealed);
    if (text == null) {
      link.counters().increment(RedisCounter.ENTRIES_UNREADABLE);
    }
    return text;
  }

  /** Half of the random numbers begin logs, the other half count what no log has. */
  private String randomPart() {
    return Integer.toString(random.nextInt(1 << (NUMBERS_PER_SECOND_BITS - 1)));
  }

  private long numberApart() {
    return EventLog.firstNumber(clock.instant().getEpochSecond(), random)
        + (1L << (NUMBERS_PER_SECOND_BITS - 1));
  }

  private static String key(ConferenceId conference) {
    return "conf:{" + conference + "}:log";
  }

  private static String channel(ConferenceId conference) {
    return "ev:{" + conference + "}";
  }
}
