package dev.parley.benchmarks.plot;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where a program's time goes, drawn after Brendan Gregg: what is called stands on what calls it,
 * as wide as its share of the samples; neighbours are in the order of the alphabet. Built from
 * stacks in the form {@code outermost;...;innermost count}. One thread.
 */
public final class FlameGraph {
  private static final int WIDTH = 1200;
  private static final int ROW_HEIGHT = 15;
  private static final int TITLE_HEIGHT = 34;
  private static final int MARGIN = 8;

  /** What is narrower is left out, in pixels. */
  private static final double WIDTH_MIN = 1.2;

  private static final double LETTER_WIDTH = 6.2;
  private static final String KERNEL = "_[k]";

  /** Where a generated class lies, and a thread's number: no two runs have the same. */
  private static final Pattern OF_THIS_RUN = Pattern.compile("\\.?0x[0-9a-f]+| tid=\\d+");

  private final Frame root = new Frame();

  /** A function where it was called from; its children are what it called. */
  private static final class Frame {
    final Map<String, Frame> called = new TreeMap<>();
    long samples;

    int depth(double least) {
      int deepest = 0;
      for (Frame one : called.values()) {
        deepest = one.samples < least ? deepest : Math.max(deepest, 1 + one.depth(least));
      }
      return deepest;
    }
  }

  /** Adds one stack with its count; false if the line is no such thing. */
  public boolean add(String line) {
    int space = line.lastIndexOf(' ');
    if (space <= 0) {
      return false;
    }
    long count;
    try {
      count = Long.parseLong(line.substring(space + 1));
    } catch (NumberFormatException e) {
      return false;
    }
    Frame frame = root;
    frame.samples += count;
    String stack = OF_THIS_RUN.matcher(line.substring(0, space)).replaceAll("");
    for (String name : stack.split(";", -1)) {
      frame = frame.called.computeIfAbsent(name, _ -> new Frame());
      frame.samples += count;
    }
    return true;
  }

  /** Samples in all. */
  public long samples() {
    return root.samples;
  }

  /** The drawing, as SVG; a browser tells each frame's name and share where the mouse points. */
  public String svg(String title) {
    double least = WIDTH_MIN * root.samples / (WIDTH - 2.0 * MARGIN);
    int height = TITLE_HEIGHT + root.depth(least) * ROW_HEIGHT + MARGIN;
    Svg svg = new Svg();
    svg.text(MARGIN, 20, "font-weight='bold'", title);
    draw(svg, root, MARGIN, height - MARGIN - ROW_HEIGHT, least);
    return svg.drawing(WIDTH, height, title);
  }

  private void draw(Svg svg, Frame caller, double left, int y, double least) {
    double x = left;
    for (Map.Entry<String, Frame> entry : caller.called.entrySet()) {
      Frame frame = entry.getValue();
      double width = (WIDTH - 2.0 * MARGIN) * frame.samples / root.samples;
      if (frame.samples >= least) {
        String name = shortName(entry.getKey());
        double percent = 100.0 * frame.samples / root.samples;
        svg.titled(
            x,
            y,
            Math.max(0.5, width - 0.5),
            ROW_HEIGHT - 1.0,
            colour(entry.getKey()),
            String.format(Locale.ROOT, "%s, %.1f %%", name, percent));
        int letters = (int) ((width - 4) / LETTER_WIDTH);
        if (letters >= 3) {
          String shown = name.length() <= letters ? name : name.substring(0, letters - 1) + "…";
          svg.text(x + 2, y + ROW_HEIGHT - 4.0, "font-size='11'", shown);
        }
        draw(svg, frame, x, y - ROW_HEIGHT, least);
      }
      x += width;
    }
  }

  /** Class and method without their package; a library without its folder. */
  private static String shortName(String name) {
    return name.startsWith("[") ? name : name.substring(name.lastIndexOf('/') + 1);
  }

  /** By where the code is from: the kernel, ours, other Java, native. */
  private static String colour(String name) {
    if (name.endsWith(KERNEL)) {
      return "#f2b38c";
    }
    if (name.startsWith("dev/parley/")) {
      return "#8fc98f";
    }
    boolean isJava = name.indexOf('/') > 0 && name.indexOf('.') > name.indexOf('/');
    return isJava ? "#c5e0b4" : "#f5dd8f";
  }
}
