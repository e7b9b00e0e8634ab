package dev.parley.common.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value, and which values it accepts. Immutable.
 *
 * @param <T> the value's type
 */
public final class SettingType<T> {
  private static final Pattern NUMERIC_ADDRESS =
      Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");

  private final String range;
  private final Function<String, T> parser;

  private SettingType(String range, Function<String, T> parser) {
    this.range = range;
    this.parser = parser;
  }

  /** Any other type: the parser throws {@link IllegalArgumentException} for what it refuses. */
  public static <T> SettingType<T> of(String range, Function<String, T> parser) {
    return new SettingType<>(range, parser);
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public static SettingType<Integer> integer(int min, int max, String unit) {
    String range = min + " to " + max + (unit.isEmpty() ? "" : " " + unit);
    return new SettingType<>(
        range, text -> Math.toIntExact(within(Long.parseLong(text), min, max)));
  }

  /** A UDP or TCP port; 0 lets the system choose one. */
  public static SettingType<Integer> port() {
    return new SettingType<>(
        "0 (any free one) to 65535", text -> (int) within(Long.parseLong(text), 0, 65535));
  }

  /** A length of time with its unit: {@code 250ms}, {@code 5s}, {@code 10m} or {@code 1h}. */
  public static SettingType<Duration> duration(Duration min, Duration max) {
    String range = format(min) + " to " + format(max) + ", with the unit ms, s, m or h";
    return new SettingType<>(
        range,
        text -> {
          Duration value = parseDuration(text);
          within(value.toMillis(), min.toMillis(), max.toMillis());
          return value;
        });
  }

  /** A number of bytes with or without a unit: {@code 65536}, {@code 64KiB}, {@code 4MiB}. */
  public static SettingType<Long> bytes(long min, long max) {
    return new SettingType<>(
        min + " to " + max + " bytes, or with the unit KiB, MiB or GiB",
        text -> within(parseBytes(text), min, max));
  }

  /** {@code true} or {@code false}. */
  public static SettingType<Boolean> flag() {
    return new SettingType<>(
        "true or false",
        text ->
            switch (text) {
              case "true" -> Boolean.TRUE;
              case "false" -> Boolean.FALSE;
              default -> throw new IllegalArgumentException("is neither true nor false");
            });
  }

  /** One of an enum's names, written with dashes in lower case. */
  public static <E extends Enum<E>> SettingType<E> choice(Class<E> choices) {
    List<String> names = new ArrayList<>();
    for (E choice : choices.getEnumConstants()) {
      names.add(choice.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return new SettingType<>(
        String.join(" | ", names),
        text -> {
          int index = names.indexOf(text);
          if (index < 0) {
            throw new IllegalArgumentException("is none of them");
          }
          return choices.getEnumConstants()[index];
        });
  }

  /** Text of one line that matches a pattern. */
  public static SettingType<String> text(String range, String pattern) {
    Pattern shape = Pattern.compile(pattern);
    return new SettingType<>(
        range,
        text -> {
          if (!shape.matcher(text).matches()) {
            throw new IllegalArgumentException("has another form");
          }
          return text;
        });
  }

  /** A file or directory; empty text is refused, existence is the owner's to judge. */
  public static SettingType<Path> path() {
    return new SettingType<>(
        "a path",
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
          }
          try {
            return Path.of(text);
          } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no path: " + e.getReason(), e);
          }
        });
  }

  /** An absolute URI with a host and one of these schemes. */
  public static SettingType<URI> uri(String... schemes) {
    List<String> accepted = Arrays.asList(schemes);
    return new SettingType<>(
        "a URI with " + String.join(" or ", accepted),
        text -> {
          URI uri = parseUri(text);
          if (!accepted.contains(uri.getScheme())) {
            throw new IllegalArgumentException("has another scheme");
          }
          if (uri.getHost() == null) {
            throw new IllegalArgumentException("names no host");
          }
          return uri;
        });
  }

  /** An IPv4 or IPv6 address in digits: a name would make a start wait for a name server. */
  public static SettingType<InetAddress> address() {
    return new SettingType<>(
        "an IPv4 or IPv6 address in digits",
        text -> {
          if (!NUMERIC_ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("is no address in digits");
          }
          try {
            return InetAddress.getByName(text);
          } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is no address", e);
          }
        });
  }

  /** Values of one type, parted by commas; empty text is the empty list. */
  public static <T> SettingType<List<T>> listOf(SettingType<T> element, int countMax) {
    return new SettingType<>(
        "up to " + countMax + ", parted by commas, each " + element.range(),
        text -> {
          List<T> values = new ArrayList<>();
          if (!text.isBlank()) {
            for (String part : text.split(",", -1)) {
              values.add(element.parse(part.strip()));
            }
          }
          if (values.size() > countMax) {
            throw new IllegalArgumentException("has " + values.size() + " values");
          }
          return List.copyOf(values);
        });
  }

  /** Another type, or nothing: empty text. */
  public static <T> SettingType<Optional<T>> optional(SettingType<T> type) {
    return new SettingType<>(
        "empty, or " + type.range(),
        text -> text.isEmpty() ? Optional.empty() : Optional.of(type.parse(text)));
  }

  static SettingType<String> secretText() {
    return new SettingType<>(
        "a secret, or @ and the path of a file that holds it",
        text -> {
          if (!text.startsWith("@")) {
            return text;
          }
          try {
            return Files.readString(Path.of(text.substring(1))).strip();
          } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("names a file that cannot be read", e);
          }
        });
  }

  /** Which values are accepted, in words that fit after "expects". */
  public String range() {
    return range;
  }

  /** Returns the value, or throws {@link IllegalArgumentException} saying what is wrong with it. */
  public T parse(String text) {
    return parser.apply(text);
  }

  private static long within(long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException("is out of range");
    }
    return value;
  }

  private static URI parseUri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no URI: " + e.getReason(), e);
    }
  }

  private static Duration parseDuration(String text) {
    var matcher = AMOUNT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is no length of time");
    }
    long amount = Long.parseLong(matcher.group(1));
    try {
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> throw new IllegalArgumentException("has no known unit");
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is out of range", e);
    }
  }

  private static long parseBytes(String text) {
    var matcher = AMOUNT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is no number of bytes");
    }
    long factor =
        switch (matcher.group(2)) {
          case "" -> 1;
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> throw new IllegalArgumentException("has no known unit");
        };
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is out of range", e);
    }
  }

  private static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0 && millis > 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
