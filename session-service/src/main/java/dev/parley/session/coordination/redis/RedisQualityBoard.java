package dev.parley.session.coordination.redis;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.StayQuality;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls' quality as a hash for each conference. Holds no names. While Redis is away a node knows
 * what it was told itself. Thread-safe.
 */
final class RedisQualityBoard implements QualityBoard {
  private static final Duration KEEP = Duration.ofMinutes(2);

  private final RedisLink link;
  private final QualityBoard alone;

  RedisQualityBoard(RedisLink link, QualityBoard alone) {
    this.link = link;
    this.alone = alone;
  }

  @Override
  public void put(ConferenceId conference, Map<ParticipantId, StayQuality> stays) {
    alone.put(conference, stays);
    Map<String, String> texts = HashMap.newHashMap(stays.size());
    stays.forEach((id, quality) -> texts.put(id.value(), QualityText.of(quality)));
    var _ =
        link.<Long>send(c -> c.hset(key(conference), texts))
            .whenComplete((_, failure) -> onWritten(failure));
    var _ = link.<Boolean>send(c -> c.pexpire(key(conference), KEEP.toMillis()));
  }

  @Override
  public Map<ParticipantId, StayQuality> all(ConferenceId conference) {
    try {
      Map<String, String> texts = link.await(link.send(c -> c.hgetall(key(conference))));
      Map<ParticipantId, StayQuality> stays = HashMap.newHashMap(texts.size());
      texts.forEach((id, text) -> {
        StayQuality quality = QualityText.read(text);
        if (quality != null) {
          stays.put(new ParticipantId(id), quality);
        }
      });
      return stays;
    } catch (RedisAwayException _) {
      return alone.all(conference);
    }
  }

  @Override
  public @Nullable StayQuality take(ConferenceId conference, ParticipantId stay) {
    StayQuality own = alone.take(conference, stay);
    try {
      String text = link.await(link.send(c -> c.hget(key(conference), stay.value())));
      if (text == null) {
        return own;
      }
      var _ = link.<Long>send(c -> c.hdel(key(conference), stay.value()));
      StayQuality shared = QualityText.read(text);
      return shared == null ? own : shared;
    } catch (RedisAwayException _) {
      return own;
    }
  }

  private void onWritten(@Nullable Throwable failure) {
    if (failure != null) {
      link.counters().increment(RedisCounter.QUALITY_ALONE);
    }
  }

  private static String key(ConferenceId conference) {
    return "conf:{" + conference + "}:quality";
  }
}
