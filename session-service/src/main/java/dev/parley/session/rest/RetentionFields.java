package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.conference.RetentionRule;
import org.jspecify.annotations.Nullable;

/** How long things are kept, as fields of JSON: days by kind. Stateless. */
final class RetentionFields {
  private static final String RECORDING = "recording";
  private static final String FILE = "file";
  private static final String PHOTO = "photo";
  private static final String MESSAGE_LOG = "message-log";

  private RetentionFields() {}

  /** Reads a rule that takes the place of the one before; what the body leaves out stays. */
  static RetentionRule read(JsonBody body, String field, RetentionRule now) {
    if (!body.has(field)) {
      return now;
    }
    JsonBody days = body.object(field);
    return new RetentionRule(
        days(days, RECORDING), days(days, FILE), days(days, PHOTO), days(days, MESSAGE_LOG));
  }

  private static @Nullable Integer days(JsonBody days, String kind) {
    return days(days, kind, null);
  }

  /** Reads for how many days; {@code null} says nothing. */
  static @Nullable Integer days(JsonBody body, String field, @Nullable Integer now) {
    return body.integerOrNull(field, RetentionRule.FOR_EVER, RetentionRule.DAYS_MAX, now);
  }

  /** Writes a rule, or leaves it out if it says nothing. */
  static void write(ObjectNode node, String field, RetentionRule rule) {
    if (!rule.equals(RetentionRule.NONE)) {
      write(node.putObject(field), rule);
    }
  }

  /** Writes what a rule says. */
  static void write(ObjectNode days, RetentionRule rule) {
    put(days, RECORDING, rule.recording());
    put(days, FILE, rule.file());
    put(days, PHOTO, rule.photo());
    put(days, MESSAGE_LOG, rule.messageLog());
  }

  private static void put(ObjectNode node, String kind, @Nullable Integer days) {
    if (days != null) {
      node.put(kind, days.intValue());
    }
  }
}
