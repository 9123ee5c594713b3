#ifndef PROCESSOR_LEVEL_H
#define PROCESSOR_LEVEL_H

/// The x86-64 microarchitecture level (1 to 4) that this processor and its operating system support; 0 on others.
int processor_level(void);

#endif
