package dev.parley.session.coordination.redis;

import dev.parley.session.conference.StayQuality;
import dev.parley.session.conference.StayQuality.Summary;
import dev.parley.session.conference.StayQuality.Way;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stay's quality as a short text: numbers with spaces between them. Stateless. */
final class QualityText {
  private static final String NONE = "-";
  private static final int FIELD_COUNT = 15;

  private QualityText() {}

  static String of(StayQuality quality) {
    Summary summary = quality.summary();
    return String.join(
        " ",
        Long.toString(quality.at().toEpochMilli()),
        Double.toString(quality.mos()),
        quality.roundTripUs() == null ? NONE : quality.roundTripUs().toString(),
        of(quality.sent()),
        of(quality.received()),
        Long.toString(summary.measuredMs()),
        Double.toString(summary.mosMs()),
        Double.toString(summary.mosWorst()),
        Double.toString(summary.lossMs()),
        Integer.toString(summary.lostPerMilleWorst()),
        Long.toString(summary.badMs()));
  }

  /** Returns what a text says, or null if it is of another version. */
  static @Nullable StayQuality read(String text) {
    String[] fields = text.split(" ", -1);
    if (fields.length != FIELD_COUNT) {
      return null;
    }
    try {
      return new StayQuality(
          Instant.ofEpochMilli(Long.parseLong(fields[0])),
          Double.parseDouble(fields[1]),
          fields[2].equals(NONE) ? null : Integer.valueOf(fields[2]),
          way(fields, 3),
          way(fields, 6),
          new Summary(
              Long.parseLong(fields[9]),
              Double.parseDouble(fields[10]),
              Double.parseDouble(fields[11]),
              Double.parseDouble(fields[12]),
              Integer.parseInt(fields[13]),
              Long.parseLong(fields[14])));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static String of(@Nullable Way way) {
    return way == null
        ? "- - -"
        : way.at().toEpochMilli() + " " + way.lostPerMille() + " " + way.jitterUs();
  }

  private static @Nullable Way way(String[] fields, int from) {
    return fields[from].equals(NONE)
        ? null
        : new Way(
            Instant.ofEpochMilli(Long.parseLong(fields[from])),
            Integer.parseInt(fields[from + 1]),
            Integer.parseInt(fields[from + 2]));
  }
}
