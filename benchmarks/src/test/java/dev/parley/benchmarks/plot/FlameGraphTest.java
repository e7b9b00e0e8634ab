package dev.parley.benchmarks.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class FlameGraphTest {
  private final FlameGraph graph = new FlameGraph();

  @Test
  void whatIsCalledStandsOnItsCallerAsWideAsItsShare() throws Exception {
    graph.add("[media-0 tid=7];dev/parley/media/Loop.run;send_[k] 30");
    graph.add("[media-0 tid=7];dev/parley/media/Loop.run;dev/parley/media/Loop.read 10");

    assertThat(graph.samples()).isEqualTo(40);
    assertThat(titles())
        .containsExactly(
            "[media-0], 100.0 %", "Loop.run, 100.0 %", "Loop.read, 25.0 %", "send_[k], 75.0 %");
    List<Element> frames = frames();
    assertThat(y(frames.get(0))).isGreaterThan(y(frames.get(1)));
    assertThat(y(frames.get(1))).isGreaterThan(y(frames.get(2)));
    assertThat(y(frames.get(2))).isEqualTo(y(frames.get(3)));
    assertThat(width(frames.get(3)) / width(frames.get(2))).isBetween(2.9, 3.1);
  }

  @Test
  void generatedClassesAreNamedAlikeInEachRun() throws Exception {
    graph.add("java/lang/invoke/LambdaForm$MH.0x000000002d13d800.invoke;a 1");
    graph.add("java/lang/invoke/LambdaForm$MH.0x000000002d151800.invoke;a 1");

    assertThat(titles()).containsExactly("LambdaForm$MH.invoke, 100.0 %", "a, 100.0 %");
  }

  @Test
  void whatIsTooNarrowToSeeIsLeftOut() throws Exception {
    graph.add("a;b 99999");
    graph.add("a;c 1");

    assertThat(titles()).containsExactly("a, 100.0 %", "b, 100.0 %");
  }

  @Test
  void linesThatAreNoStacksAreRefused() {
    assertThat(graph.add("")).isFalse();
    assertThat(graph.add("a;b")).isFalse();
    assertThat(graph.add("a;b many")).isFalse();
    assertThat(graph.samples()).isZero();
  }

  private List<String> titles() throws Exception {
    return elements("title").stream().map(Element::getTextContent).toList();
  }

  private List<Element> frames() throws Exception {
    List<Element> frames = new ArrayList<>(elements("rect"));
    frames.removeFirst();
    return frames;
  }

  private List<Element> elements(String name) throws Exception {
    Document drawing =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(graph.svg("a 'title' & <more>"))));
    NodeList found = drawing.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static double y(Element frame) {
    return Double.parseDouble(frame.getAttribute("y"));
  }

  private static double width(Element frame) {
    return Double.parseDouble(frame.getAttribute("width"));
  }
}
