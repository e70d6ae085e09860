/* Empty on purpose: zcbor includes <stdio.h> for its verbose mode only, which a guest never compiles. */
