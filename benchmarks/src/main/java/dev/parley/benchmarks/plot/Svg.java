package dev.parley.benchmarks.plot;

import java.util.Locale;

/** An SVG drawing being put together. One thread. */
public final class Svg {
  private final StringBuilder body = new StringBuilder();

  /** Words whose first begins at x, on the line y; the style is attributes. */
  public void text(double x, double y, String style, String words) {
    body.append(
        String.format(
            Locale.ROOT, "<text x='%.1f' y='%.1f' %s>%s</text>%n", x, y, style, escaped(words)));
  }

  /** A filled rectangle. */
  public void rectangle(double x, double y, double width, double height, String colour) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>%n",
            x,
            y,
            width,
            height,
            colour));
  }

  /** A filled rectangle that says something where the mouse points at it. */
  void titled(double x, double y, double width, double height, String colour, String words) {
    body.append("<g><title>").append(escaped(words)).append("</title>");
    rectangle(x, y, width, height, colour);
    body.append("</g>");
  }

  /** A thin straight line. */
  public void line(double x1, double y1, double x2, double y2, String colour) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>%n",
            x1,
            y1,
            x2,
            y2,
            colour));
  }

  /** A line through points, as {@code x,y x,y}. */
  void path(String points, String colour) {
    body.append(
        String.format(
            Locale.ROOT,
            "<polyline points='%s' fill='none' stroke='%s' stroke-width='1.6'/>%n",
            points,
            colour));
  }

  /** The whole drawing, with a name for those who do not see it. */
  public String drawing(int width, int height, String name) {
    return """
    <svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d' viewBox='0 0 %1$d %2$d'
        font-family='system-ui, sans-serif' font-size='13' role='img' aria-label='%3$s'>
    <rect width='%1$d' height='%2$d' fill='#ffffff'/>
    %4$s</svg>
    """
        .formatted(width, height, escaped(name), body);
  }

  /** Text as it may stand in SVG and HTML, also within quotes. */
  public static String escaped(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&apos;");
  }
}
