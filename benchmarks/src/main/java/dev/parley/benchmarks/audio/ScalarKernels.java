package dev.parley.benchmarks.audio;

import org.openjdk.jmh.annotations.Fork;

/** The loops of {@link VectorKernels} with one sample at a time. */
@Fork(value = 1, jvmArgsAppend = "-XX:-UseSuperWord")
public class ScalarKernels extends VectorKernels {}
