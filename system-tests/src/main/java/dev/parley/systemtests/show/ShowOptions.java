package dev.parley.systemtests.show;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a demonstration was asked for.
 *
 * @param root the checkout
 * @param quick end within 90 s, with fewer or shorter measurements
 * @param json print one JSON object instead of a table
 * @param rest the demonstration's own options, as given
 */
public record ShowOptions(Path root, boolean quick, boolean json, List<String> rest) {
  public ShowOptions {
    rest = List.copyOf(rest);
  }

  static ShowOptions parse(Path root, List<String> arguments) {
    List<String> rest = new ArrayList<>(arguments);
    boolean quick = rest.remove("--quick");
    boolean json = rest.remove("--json");
    return new ShowOptions(root, quick, json, rest);
  }

  /**
   * The number after an option such as {@code --minutes}.
   *
   * @throws IllegalArgumentException if it is there without a whole number from 1 up
   */
  public int number(String option, int otherwise) {
    int index = rest.indexOf(option);
    if (index < 0) {
      return otherwise;
    }
    String value = index + 1 < rest.size() ? rest.get(index + 1) : "nothing";
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(option + " needs a whole number from 1 up, not " + value);
    }
    return Integer.parseInt(value);
  }

  /**
   * What stands after an option such as {@code --plot}.
   *
   * @throws IllegalArgumentException if it is there without a value
   */
  public String text(String option, String otherwise) {
    int index = rest.indexOf(option);
    if (index < 0) {
      return otherwise;
    }
    if (index + 1 == rest.size()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.get(index + 1);
  }
}
