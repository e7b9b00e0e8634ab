package dev.parley.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The values that hold for a process, each with where it came from. Immutable; made by {@link
 * SettingsReader}.
 */
public final class Settings {
  /** A value and its origin. */
  record Entry(Object value, String text, SettingSource source) {}

  private final Map<Setting<?>, Entry> entries;

  Settings(Map<Setting<?>, Entry> entries) {
    this.entries = entries;
  }

  /** The value that holds. The setting must be one the reader was made with. */
  // The entry was made by the setting's own type.
  @SuppressWarnings("unchecked")
  public <T> T value(Setting<T> setting) {
    return (T) entry(setting).value();
  }

  /** Where the value came from. */
  public SettingSource source(Setting<?> setting) {
    return entry(setting).source();
  }

  /**
   * One line a setting that is not at its default, {@code name=value (source)}, for the first lines
   * of a log. Secrets are shown as {@code (set)}.
   */
  public List<String> describeChanged() {
    List<String> lines = new ArrayList<>();
    entries.forEach((setting, entry) -> {
      if (entry.source() != SettingSource.DEFAULT) {
        String shown = setting.isSecret() ? "(set)" : entry.text();
        lines.add(setting.name() + "=" + shown + " (" + entry.source() + ")");
      }
    });
    return lines;
  }

  private Entry entry(Setting<?> setting) {
    Entry entry = entries.get(setting);
    if (entry == null) {
      throw new IllegalArgumentException("not declared to this reader: " + setting.name());
    }
    return entry;
  }
}
