package dev.parley.session.coordination.redis;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.JoinQueues;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Join queues as sorted sets. While Redis does not answer, each node has a queue of its own; its
 * entries come over as their clients enter again. Thread-safe.
 */
final class RedisJoinQueues implements JoinQueues {
  private final RedisLink link;
  private final JoinQueues alone;

  RedisJoinQueues(RedisLink link, JoinQueues alone) {
    this.link = link;
    this.alone = alone;
  }

  @Override
  public int enter(Region region, Waiting waiting, Duration keep) {
    try {
      long before =
          call(
              region,
              What.ENTER,
              waiting.participant().value(),
              Integer.toString(waiting.urgency()),
              who(waiting),
              Long.toString(keep.toMillis()),
              Integer.toString(LENGTH_MAX));
      alone.leave(region, waiting.participant());
      return (int) before;
    } catch (RedisAwayException _) {
      link.counters().increment(RedisCounter.QUEUED_ALONE);
      return alone.enter(region, waiting, keep);
    }
  }

  @Override
  public void leave(Region region, ParticipantId participant) {
    alone.leave(region, participant);
    try {
      call(region, What.LEAVE, participant.value());
    } catch (RedisAwayException _) {
      // It expires: its client does not enter again.
    }
  }

  @Override
  public List<Taken> take(Region region, int countMax) {
    if (countMax < 1) {
      return List.of();
    }
    // Who lined up here while Redis was away has waited longer.
    List<Taken> taken = new ArrayList<>(alone.take(region, countMax));
    if (taken.size() == countMax) {
      return taken;
    }
    try {
      List<String> reply =
          link.await(
              link.eval(
                  Script.QUEUE,
                  ScriptOutputType.MULTI,
                  keys(region),
                  What.TAKE.word(),
                  Integer.toString(countMax - taken.size())));
      for (int i = 0; i < reply.size(); i += 2) {
        taken.add(new Taken(waiting(reply.get(i + 1)), Long.parseLong(reply.get(i))));
      }
    } catch (RedisAwayException _) {
      // They wait for the next time.
    }
    return taken;
  }

  @Override
  public void giveBack(Region region, Taken taken, Duration keep) {
    Waiting waiting = taken.waiting();
    try {
      call(
          region,
          What.BACK,
          waiting.participant().value(),
          Long.toString(taken.place()),
          who(waiting),
          Long.toString(keep.toMillis()));
    } catch (RedisAwayException _) {
      link.counters().increment(RedisCounter.QUEUED_ALONE);
      alone.giveBack(region, taken, keep);
    }
  }

  @Override
  public int length(Region region) {
    int here = alone.length(region);
    try {
      return here + (int) call(region, What.LENGTH);
    } catch (RedisAwayException _) {
      return here;
    }
  }

  /** What the script can do. */
  private enum What {
    ENTER,
    TAKE,
    LEAVE,
    BACK,
    LENGTH;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private long call(Region region, What what, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = what.word();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return link.await(link.<Long>eval(Script.QUEUE, ScriptOutputType.INTEGER, keys(region), all));
  }

  private static String[] keys(Region region) {
    String key = "jq:{" + region + "}";
    return new String[] {key, key + ":expiry", key + ":who"};
  }

  private static String who(Waiting waiting) {
    return waiting.participant() + " " + waiting.conference() + " " + waiting.urgency();
  }

  private static Waiting waiting(String who) {
    String[] fields = who.split(" ", -1);
    return new Waiting(
        new ParticipantId(fields[0]), new ConferenceId(fields[1]), Integer.parseInt(fields[2]));
  }
}
