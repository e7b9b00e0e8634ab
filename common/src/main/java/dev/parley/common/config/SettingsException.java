package dev.parley.common.config;

import java.util.List;

/**
 * Thrown once for everything that is wrong with the settings; its message is fit to be shown to the
 * operator as it is.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> errors;

  /** One line an error, each naming the setting, the value and what it expects. */
  public SettingsException(List<String> errors) {
    super(
        (errors.size() == 1 ? "1 setting needs" : errors.size() + " settings need")
            + " attention:\n  "
            + String.join("\n  ", errors));
    this.errors = List.copyOf(errors);
  }

  public List<String> errors() {
    return errors;
  }
}
