package dev.parley.benchmarks.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over one axis, with a scale from zero on the left. One thread. */
public final class LinePlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 260;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 60;
  private static final int BOTTOM = 40;
  private static final int TICKS = 5;
  private static final String GRID = "#e4e7ec";
  private static final String WORDS = "#475467";
  private static final List<String> COLOURS =
      List.of("#1f6fd6", "#d9662b", "#98a2b3", "#2f9e6e", "#8a4fc9", "#b8860b");

  private final String title;
  private final List<Tick> ticks;
  private final List<Series> series = new ArrayList<>();

  /** A mark on the axis below. */
  public record Tick(double x, String label) {}

  /** A point of a line. */
  public record Point(double x, double y) {}

  /** One line. */
  public record Series(String name, List<Point> points) {}

  /**
   * A plot without lines.
   *
   * @param title with the unit
   * @param ticks of the axis below, the first at its left end
   */
  public LinePlot(String title, List<Tick> ticks) {
    this.title = title;
    this.ticks = List.copyOf(ticks);
  }

  /** Adds a line; the first six have colours of their own. */
  public void add(Series line) {
    series.add(line);
  }

  /** Marks for an axis from 0 to the highest, at whole and round values. */
  public static List<Tick> evenTicks(double highest) {
    double step = Math.max(1, roundStep(highest));
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i * step <= highest; i++) {
      ticks.add(new Tick(i * step, String.format(Locale.ROOT, "%.0f", i * step)));
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten, about a fifth of the highest. */
  static double roundStep(double highest) {
    double rough = Math.max(highest, 1e-9) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double times = rough / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  /** The plot, to stand in a page or alone. */
  public String svg() {
    Svg svg = new Svg();
    svg.text(20, 24, "font-weight='600'", title);
    double step = roundStep(highestY());
    double top = step * Math.max(1, Math.ceil(highestY() / step));
    for (int i = 0; i * step <= top + step / 2; i++) {
      double y = y(i * step, top);
      svg.line(LEFT, y, WIDTH - RIGHT, y, GRID);
      svg.text(LEFT - 8, y + 4, "text-anchor='end' fill='" + WORDS + "'", words(i * step, step));
    }
    for (Tick tick : ticks) {
      double x = x(tick.x());
      svg.line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4, WORDS);
      svg.text(x, HEIGHT - 18, "text-anchor='middle' fill='" + WORDS + "'", tick.label());
    }
    int legendX = LEFT;
    for (int i = 0; i < series.size(); i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      svg.rectangle(legendX, 37, 14, 4, colour);
      svg.text(legendX + 20, 44, "", series.get(i).name());
      legendX += 36 + 8 * series.get(i).name().length();
      svg.path(points(series.get(i), top), colour);
    }
    return svg.drawing(WIDTH, HEIGHT, title);
  }

  private String points(Series line, double top) {
    StringBuilder points = new StringBuilder();
    for (Point point : line.points()) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x()), y(point.y(), top)));
    }
    return points.toString();
  }

  private double highestY() {
    return series.stream()
        .flatMap(line -> line.points().stream())
        .mapToDouble(Point::y)
        .max()
        .orElse(0);
  }

  private double x(double value) {
    double first = ticks.isEmpty() ? 0 : ticks.getFirst().x();
    double last = ticks.isEmpty() ? 1 : ticks.getLast().x();
    for (Series line : series) {
      for (Point point : line.points()) {
        last = Math.max(last, point.x());
      }
    }
    return LEFT + (WIDTH - LEFT - RIGHT) * (value - first) / Math.max(1e-9, last - first);
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.max(0, value) / top;
  }

  private static String words(double value, double step) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step)));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
