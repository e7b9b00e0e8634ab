package dev.parley.common.config;

/** Where a setting's value came from, strongest first. */
public enum SettingSource {
  COMMAND_LINE("command line"),
  ENVIRONMENT("environment"),
  FILE("file"),
  DEFAULT("default");

  private final String label;

  SettingSource(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
