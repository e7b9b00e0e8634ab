package dev.parley.session.coordination.redis;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.RosterVersions;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Roster versions as a hash for each conference, written only by a script that keeps the newest.
 * Holds no names. Thread-safe.
 */
final class RedisRosterVersions implements RosterVersions {
  private static final Duration KEEP = Duration.ofMinutes(2);

  private final RedisLink link;

  RedisRosterVersions(RedisLink link) {
    this.link = link;
  }

  @Override
  public void note(ConferenceId conference, ParticipantId participant, Newest newest) {
    String key = key(conference);
    var _ =
        link.<Long>eval(
                Script.NOTE,
                ScriptOutputType.INTEGER,
                new String[] {key, key + ":written"},
                participant.value(),
                Long.toString(newest.version()),
                newest.isPresent() ? "1" : "0",
                Long.toString(KEEP.toMillis()))
            .whenComplete((_, failure) -> {
              if (failure != null) {
                link.counters().increment(RedisCounter.VERSIONS_LOST);
              }
            });
  }

  @Override
  public Map<ParticipantId, Newest> newest(ConferenceId conference) {
    try {
      Map<String, String> known = link.await(link.send(c -> c.hgetall(key(conference))));
      Map<ParticipantId, Newest> newest = HashMap.newHashMap(known.size());
      known.forEach((participant, text) -> newest.put(new ParticipantId(participant), read(text)));
      return newest;
    } catch (RedisAwayException _) {
      return Map.of();
    }
  }

  private static Newest read(String text) {
    int space = text.indexOf(' ');
    return new Newest(Long.parseLong(text, 0, space, 10), text.charAt(space + 1) == '1');
  }

  private static String key(ConferenceId conference) {
    return "conf:{" + conference + "}:roster";
  }
}
