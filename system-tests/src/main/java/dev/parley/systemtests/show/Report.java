package dev.parley.systemtests.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures of one run and the verdict over them. One thread. */
public final class Report {
  /**
   * One row.
   *
   * @param limit what was demanded, in words; null for a figure that is only told
   * @param holds whether it was met; true if nothing was demanded
   */
  record Figure(String name, String measured, @Nullable String limit, boolean holds) {}

  private final String title;
  private final @Nullable PrintStream progress;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Starts an empty report.
   *
   * @param progress where steps are told while it runs; null tells nothing
   */
  public Report(String title, @Nullable PrintStream progress) {
    this.title = title;
    this.progress = progress;
  }

  /** Tells the one who watches what happens now. */
  public void step(String words) {
    if (progress != null) {
      progress.println("  " + words + " ...");
    }
  }

  /** Something a reader must know to read the figures right. */
  public void note(String words) {
    notes.add(words);
  }

  /** A figure without a demand. */
  public void tell(String name, String measured) {
    figures.add(new Figure(name, measured, null, true));
  }

  /** A claim that holds or does not. */
  public void check(String name, boolean holds, String measured) {
    figures.add(new Figure(name, measured, "yes", holds));
  }

  /**
   * A measurement that must not exceed a limit; not-a-number, for want of any measurement, fails.
   */
  public void atMost(String name, double measured, double limit, String unit) {
    figures.add(
        new Figure(name, number(measured, unit), "≤ " + number(limit, unit), measured <= limit));
  }

  /**
   * A measurement that must not fall below a limit; not-a-number, for want of any measurement,
   * fails.
   */
  public void atLeast(String name, double measured, double limit, String unit) {
    figures.add(
        new Figure(name, number(measured, unit), "≥ " + number(limit, unit), measured >= limit));
  }

  /** True if something was demanded and every demand was met. */
  public boolean holds() {
    return figures.stream().anyMatch(figure -> figure.limit() != null)
        && figures.stream().allMatch(Figure::holds);
  }

  /** Shows all figures and the verdict. */
  public void print(PrintStream out) {
    int nameWidth = 10;
    int measuredWidth = 10;
    for (Figure figure : figures) {
      nameWidth = Math.max(nameWidth, figure.name().length());
      measuredWidth = Math.max(measuredWidth, figure.measured().length());
    }
    String row = "  %-" + nameWidth + "s  %-" + measuredWidth + "s  %s%n";
    out.println();
    for (Figure figure : figures) {
      String limit = figure.limit();
      String judged = limit == null ? "" : (figure.holds() ? "ok     " : "FAILED ") + limit;
      out.printf(Locale.ROOT, row, figure.name(), figure.measured(), judged.stripTrailing());
    }
    out.println();
    notes.forEach(note -> out.println("  " + note));
    out.println(verdict());
  }

  void printJson(PrintStream out) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode object = json.createObjectNode();
    object.put("show", title);
    ArrayNode rows = object.putArray("figures");
    for (Figure figure : figures) {
      ObjectNode row = rows.addObject();
      row.put("name", figure.name()).put("measured", figure.measured());
      if (figure.limit() != null) {
        row.put("limit", figure.limit()).put("holds", figure.holds());
      }
    }
    notes.forEach(object.putArray("notes")::add);
    object.put("verdict", holds() ? "holds" : "falls short");
    out.println(json.writeValueAsString(object));
  }

  private String verdict() {
    long failed = figures.stream().filter(figure -> !figure.holds()).count();
    if (holds()) {
      return "show " + title + ": holds.";
    }
    return "show " + title + ": FALLS SHORT: " + failed + " of " + figures.size() + " figures.";
  }

  private static String number(double value, String unit) {
    if (Double.isNaN(value)) {
      return "not measured";
    }
    double size = Math.abs(value);
    boolean isWhole = size >= 100 || value == Math.rint(value);
    String small = size < 1 ? "%.2g %s" : "%.1f %s";
    return String.format(Locale.ROOT, isWhole ? "%.0f %s" : small, value, unit).strip();
  }
}
