package dev.parley.common.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads declared settings from, strongest first: the command line ({@code --name=value}), the
 * environment ({@code PARLEY_NAME}), a properties file ({@code --config=FILE} or {@code
 * PARLEY_CONFIG}) and the defaults. Everything that is wrong is gathered and told at once. Not
 * thread-safe.
 */
public final class SettingsReader {
  private static final String CONFIG = "config";
  private static final long FILE_LENGTH_MAX = 1 << 20;

  private record Candidate(String text, SettingSource source, String origin) {}

  private final Map<String, Setting<?>> declared = new LinkedHashMap<>();
  private final Map<String, Candidate> candidates = new HashMap<>();
  private final List<String> errors = new ArrayList<>();
  private @Nullable String configFile;
  private boolean helpWanted;

  public SettingsReader(List<Setting<?>> settings) {
    for (Setting<?> setting : settings) {
      if (setting.name().equals(CONFIG) || setting.name().equals("help")) {
        throw new IllegalArgumentException("reserved name: " + setting.name());
      }
      if (declared.put(setting.name(), setting) != null) {
        throw new IllegalArgumentException("declared twice: " + setting.name());
      }
    }
  }

  /**
   * Reads everything.
   *
   * @param arguments the command line
   * @param environment {@code System.getenv()}, or a test's own
   * @throws SettingsException with all that is wrong
   */
  public Settings read(List<String> arguments, Map<String, String> environment) {
    configFile = environment.get("PARLEY_CONFIG");
    readCommandLine(arguments);
    if (helpWanted) {
      // Whoever asks for help may have a broken command line; that is why they ask.
      errors.clear();
      candidates.clear();
    } else {
      readEnvironment(environment);
      readFile();
    }
    Map<Setting<?>, Settings.Entry> entries = new LinkedHashMap<>();
    for (Setting<?> setting : declared.values()) {
      Settings.Entry entry = resolve(setting);
      if (entry != null) {
        entries.put(setting, entry);
      }
    }
    if (!errors.isEmpty() && !helpWanted) {
      throw new SettingsException(errors);
    }
    return new Settings(entries);
  }

  /** True if the command line held {@code --help} or {@code -h}; ask after {@link #read}. */
  public boolean isHelpWanted() {
    return helpWanted;
  }

  private void readCommandLine(List<String> arguments) {
    for (String argument : arguments) {
      if (argument.equals("--help") || argument.equals("-h")) {
        helpWanted = true;
        continue;
      }
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        // An argument without a value may be a secret that lost its name: only its name is printed.
        errors.add(
            (argument.startsWith("--") ? argument : "an argument")
                + ": write settings as --name=value; --help lists them");
        continue;
      }
      String name = argument.substring(2, equals);
      String text = argument.substring(equals + 1);
      if (name.equals(CONFIG)) {
        configFile = text;
      } else if (!declared.containsKey(name)) {
        errors.add("--" + name + ": there is no such setting" + suggestion(name));
      } else if (candidates.put(name, commandLine(name, text)) != null) {
        errors.add("--" + name + ": given twice");
      }
    }
  }

  private static Candidate commandLine(String name, String text) {
    return new Candidate(text, SettingSource.COMMAND_LINE, "command line --" + name);
  }

  private void readEnvironment(Map<String, String> environment) {
    for (Setting<?> setting : declared.values()) {
      String text = environment.get(setting.environmentName());
      if (text != null) {
        candidates.putIfAbsent(
            setting.name(),
            new Candidate(
                text, SettingSource.ENVIRONMENT, "environment " + setting.environmentName()));
      }
    }
  }

  private void readFile() {
    if (configFile == null || configFile.isEmpty()) {
      return;
    }
    Properties properties = new Properties();
    try {
      Path path = Path.of(configFile);
      if (Files.size(path) > FILE_LENGTH_MAX) {
        errors.add("config=" + configFile + ": is longer than " + FILE_LENGTH_MAX + " bytes");
        return;
      }
      properties.load(new StringReader(Files.readString(path)));
    } catch (MalformedInputException e) {
      errors.add("config=" + configFile + ": is not UTF-8 text");
      return;
    } catch (IOException | InvalidPathException e) {
      errors.add("config=" + configFile + ": cannot be read (" + e.getMessage() + ")");
      return;
    } catch (IllegalArgumentException e) {
      errors.add("config=" + configFile + ": is no properties file (" + e.getMessage() + ")");
      return;
    }
    for (String name : properties.stringPropertyNames()) {
      if (declared.containsKey(name)) {
        candidates.putIfAbsent(
            name,
            new Candidate(properties.getProperty(name), SettingSource.FILE, "file " + configFile));
      } else {
        errors.add(
            name + " in file " + configFile + ": there is no such setting" + suggestion(name));
      }
    }
  }

  private Settings.@Nullable Entry resolve(Setting<?> setting) {
    Candidate candidate = candidates.get(setting.name());
    String defaultText = setting.defaultText();
    if (candidate == null && defaultText == null) {
      errors.add(
          setting.name()
              + ": must be set (--"
              + setting.name()
              + "=… or "
              + setting.environmentName()
              + "); expects "
              + setting.type().range());
      return null;
    }
    if (candidate == null) {
      candidate = new Candidate(String.valueOf(defaultText), SettingSource.DEFAULT, "default");
    }
    String text = candidate.text().strip();
    try {
      return new Settings.Entry(setting.type().parse(text), text, candidate.source());
    } catch (IllegalArgumentException e) {
      errors.add(
          setting.name()
              + (setting.isSecret() ? "" : "=" + text)
              + " ("
              + candidate.origin()
              + ") "
              + (e instanceof NumberFormatException ? "is no whole number" : e.getMessage())
              + "; expects "
              + setting.type().range());
      return null;
    }
  }

  private String suggestion(String name) {
    String nearest = null;
    int nearestDistance = 4;
    for (String candidate : declared.keySet()) {
      int distance = editDistance(name, candidate);
      if (distance < nearestDistance) {
        nearest = candidate;
        nearestDistance = distance;
      }
    }
    return nearest == null ? "; --help lists them" : "; did you mean " + nearest + "?";
  }

  /** Levenshtein's distance: how many letters must be added, removed or changed. */
  private static int editDistance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 3) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
