package dev.parley.common.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing an operator may set: its name on the command line and in a file, what it means, which
 * values it takes and what holds when nobody sets it. Immutable; declared once as a constant, read
 * through {@link Settings#value}.
 *
 * @param <T> the type of its value
 */
public final class Setting<T> {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

  private final String name;
  private final String description;
  private final SettingType<T> type;
  private final @Nullable String defaultText;
  private final boolean secret;

  private Setting(
      String name,
      String description,
      SettingType<T> type,
      @Nullable String defaultText,
      boolean secret) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a setting's name is lower-case words joined by dashes or dots: " + name);
    }
    this.name = name;
    this.description = description;
    this.type = type;
    this.defaultText = defaultText;
    this.secret = secret;
    if (defaultText != null) {
      // A default outside its own range is a programmer's error; it shall not wait for an operator.
      type.parse(defaultText);
    }
  }

  /** Declares a setting whose default is written as an operator would write it. */
  public static <T> Setting<T> of(
      String name, String description, SettingType<T> type, String defaultText) {
    return new Setting<>(name, description, type, defaultText, false);
  }

  /** Declares a setting that has no default: leaving it out is an error. */
  public static <T> Setting<T> required(String name, String description, SettingType<T> type) {
    return new Setting<>(name, description, type, null, false);
  }

  /**
   * Declares text that is never printed, not even in an error. {@code @/path} reads it from a file,
   * which keeps it out of the process list.
   *
   * @param defaultText what holds when it is not set, often empty; null makes it required
   */
  public static Setting<String> secret(
      String name, String description, @Nullable String defaultText) {
    return new Setting<>(name, description, SettingType.secretText(), defaultText, true);
  }

  public String name() {
    return name;
  }

  public String description() {
    return description;
  }

  public SettingType<T> type() {
    return type;
  }

  /** The default as an operator would write it, or null if there is none. */
  public @Nullable String defaultText() {
    return defaultText;
  }

  public boolean isSecret() {
    return secret;
  }

  /** The environment variable that sets it: {@code udp-port} is set by {@code PARLEY_UDP_PORT}. */
  public String environmentName() {
    return "PARLEY_" + name.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name;
  }
}
