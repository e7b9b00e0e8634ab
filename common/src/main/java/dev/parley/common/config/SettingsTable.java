package dev.parley.common.config;

import java.util.List;

/** The text of {@code --help}: every setting with its meaning, range and default. Stateless. */
public final class SettingsTable {
  private SettingsTable() {}

  /**
   * Makes the whole help text.
   *
   * @param usage the first line, such as {@code media-server [--name=value …]}
   */
  public static String of(String usage, List<Setting<?>> settings) {
    StringBuilder text = new StringBuilder(4096);
    text.append("Usage: ").append(usage).append("\n\n");
    text.append("Each setting is read from the command line (--name=value), else from the\n");
    text.append("environment (PARLEY_NAME, dashes and dots as underscores), else from the\n");
    text.append(
        "properties file named by --config=FILE or PARLEY_CONFIG, else the default holds.\n");
    for (Setting<?> setting : settings) {
      text.append("\n  --").append(setting.name()).append('\n');
      text.append("      ").append(setting.description()).append('\n');
      text.append("      Values: ").append(setting.type().range()).append('\n');
      text.append("      ").append(defaultOf(setting)).append('\n');
    }
    return text.toString();
  }

  private static String defaultOf(Setting<?> setting) {
    String defaultText = setting.defaultText();
    if (defaultText == null) {
      return "Must be set.";
    }
    if (defaultText.isEmpty()) {
      return "Default: empty";
    }
    return setting.isSecret() ? "Default: a built-in value" : "Default: " + defaultText;
  }
}
